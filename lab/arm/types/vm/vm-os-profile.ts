import type { JsonObject } from '../../../front/index.ts';
import { ArmError, invalidParameter, missingParameter } from '../../arm-error.ts';
import { at, compact, objectAt, objectsAt, stringAt } from '../../json-path.ts';

/** Characters of Base64 that custom data may have: 64 KiB decoded. */
const maxCustomData = 87_380;
const reserved = ['admin', 'administrator', 'root', 'guest', 'test', 'user', 'sys', 'owner'];

export interface OsProfile {
  /** As shown later: no password, no custom data. */
  readonly shown: JsonObject;
  readonly customData: string | undefined;
}

function checkBase64(text: string, name: string): void {
  const valid = /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0;
  if (valid && text.length <= maxCustomData) return;
  throw invalidParameter(
    name,
    `${name === 'customData' ? 'Custom data in OSProfile' : 'User data'} must be in Base64 encoding and with a maximum length of ${maxCustomData} characters.`,
  );
}

/** User data as sent, checked. */
export function userDataOf(properties: JsonObject): string | undefined {
  const userData = stringAt(properties, 'userData');
  if (userData !== undefined) checkBase64(userData, 'userData');
  return userData;
}

function checkLinux(profile: JsonObject): void {
  const noPassword = at(profile, 'linuxConfiguration', 'disablePasswordAuthentication') === true;
  const keys = objectsAt(profile, 'linuxConfiguration', 'ssh', 'publicKeys');
  const password = stringAt(profile, 'adminPassword');
  if (noPassword && keys.length === 0) {
    throw invalidParameter(
      'linuxConfiguration.ssh.publicKeys',
      'Authentication using SSH must be enabled when password authentication is disabled: at least one SSH public key is required.',
    );
  }
  if (!noPassword && password === undefined) throw missingParameter('adminPassword');
  for (const key of keys) {
    if (!/^(ssh-rsa|ssh-ed25519) [A-Za-z0-9+/=]+/.test(stringAt(key, 'keyData') ?? '')) {
      throw invalidParameter(
        'linuxConfiguration.ssh.publicKeys.keyData',
        'The value of parameter linuxConfiguration.ssh.publicKeys.keyData is invalid.',
      );
    }
  }
  if (password !== undefined) checkPassword(password);
}

function checkPassword(password: string): void {
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((each) => each.test(password)).length;
  if (password.length >= 6 && password.length <= 72 && classes >= 3) return;
  throw invalidParameter(
    'adminPassword',
    'The supplied password must be between 6-72 characters long and must satisfy at least 3 of password complexity requirements from the following: Contains an uppercase character; Contains a lowercase character; Contains a numeric digit; Contains a special character; Control characters are not allowed.',
  );
}

/** Checks `osProfile` of a VM made from an image. */
export function osProfileOf(properties: JsonObject, osType: 'Linux' | 'Windows'): OsProfile {
  const profile = objectAt(properties, 'osProfile');
  if (!profile) throw missingParameter('osProfile');
  const computerName = stringAt(profile, 'computerName');
  const adminUsername = stringAt(profile, 'adminUsername');
  if (computerName === undefined) throw missingParameter('osProfile.computerName');
  if (adminUsername === undefined) throw missingParameter('osProfile.adminUsername');
  const limit = osType === 'Windows' ? 15 : 64;
  if (computerName.length > limit || !/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(computerName)) {
    throw invalidParameter(
      'computerName',
      `${osType} computer name cannot be more than ${limit} characters long or contain invalid characters.`,
    );
  }
  if (reserved.includes(adminUsername.toLowerCase())) {
    throw invalidParameter('adminUsername', `The Admin Username specified is not allowed.`);
  }
  if (osType === 'Linux') checkLinux(profile);
  else if (stringAt(profile, 'adminPassword') === undefined) throw missingParameter('adminPassword');
  const customData = stringAt(profile, 'customData');
  if (customData !== undefined) checkBase64(customData, 'customData');
  const { adminPassword: _password, customData: _data, ...rest } = profile;
  const shown = compact({
    secrets: [],
    allowExtensionOperations: true,
    requireGuestProvisionSignal: true,
    ...rest,
  });
  return { shown, customData };
}

/** An attached OS disk brings its own accounts; compute refuses to be told others. */
export function refuseOsProfile(properties: JsonObject): void {
  if (objectAt(properties, 'osProfile') === undefined) return;
  throw new ArmError(400, 'InvalidParameter', "Parameter 'osProfile' is not allowed.", {
    target: 'osProfile',
  });
}
