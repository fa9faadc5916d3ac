import { AppError } from '../../../core/contract/index.ts';
import type { CliIo } from '../cli-io.ts';
import { readSecret } from '../secret-input.ts';

/** How an operator says what opens the repository. */
export interface SecretOptions {
  readonly passwordFile?: string;
  readonly passwordEnv?: string;
  readonly keyFile?: string;
  /** Id of a Key Vault key. */
  readonly keyVaultKey?: string;
}

export const passwordVariable = 'CAIRN_REPO_PASSWORD';
export const keyFileVariable = 'CAIRN_REPO_KEY_FILE';

/**
 * Path of the key file to open with, if any. What the command says counts before what the environment says;
 * `invalid-input` when the command says two things.
 */
export function chosenKeyFile(options: SecretOptions, { environment }: CliIo): string | undefined {
  const { keyFile, passwordFile, passwordEnv, keyVaultKey } = options;
  const another = passwordFile ?? passwordEnv ?? keyVaultKey;
  if (keyFile === undefined)
    return another === undefined ? environment[keyFileVariable] || undefined : undefined;
  if (another === undefined) return keyFile;
  throw new AppError('invalid-input', {
    message: 'Give either a key file or another way to open the repository.',
    details: { field: 'key-file' },
  });
}

/** True when a password was given without asking for one. */
export function hasPassword({ passwordFile, passwordEnv }: SecretOptions, { environment }: CliIo): boolean {
  return (passwordFile ?? passwordEnv ?? environment[passwordVariable]) !== undefined;
}

export function readPassword(options: SecretOptions, io: CliIo, confirm: boolean): Promise<string> {
  const { passwordFile } = options;
  const fallback = io.environment[passwordVariable] === undefined ? undefined : passwordVariable;
  const variable = options.passwordEnv ?? (passwordFile === undefined ? fallback : undefined);
  const question = 'Password of the repository';
  const named = '--password-file or --password-env';
  return readSecret(
    { file: passwordFile, variable, question, options: named, field: 'password', confirm },
    io,
  );
}
