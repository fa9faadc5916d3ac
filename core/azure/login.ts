import type { TokenCredential } from '@azure/identity';
import { AppError } from '../contract/index.ts';
import type { CloudEndpoints, SecretStore } from '../host.ts';
import { type Connection, type ConnectionOptions, connect } from './connection.ts';
import { connectUser, startDeviceCode } from './device-code.ts';
import type { DeviceCodeFlow } from './model.ts';
import { connectWithCertificate, connectWithSecret } from './service-principal.ts';

/** Ways to sign in for the length of one command; nothing of it is kept. */
export type LoginKind = 'azure-cli' | 'environment' | 'managed-identity' | 'device-code';

export interface Login {
  readonly kind: LoginKind;
  /** Directory (tenant) id or domain; default: AZURE_TENANT_ID, else the one that the way to sign in comes with. */
  readonly tenantId?: string | undefined;
  /** AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH, as Azure's tools have them. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => Promise<string>;
  /** Device code: called once, with what the person must open and enter. */
  readonly show: (code: Pick<DeviceCodeFlow, 'userCode' | 'verificationUrl'>) => void;
}

/** Authority for people of any organization, when nobody says which. */
const anyOrganization = 'organizations';

/** `invalid-input` (a variable is missing), `sign-in-failed`, `cancelled`. Only a device code signs in at once. */
export async function connectByLogin(
  cloud: CloudEndpoints,
  login: Login,
  signal: AbortSignal,
  options?: ConnectionOptions,
): Promise<Connection> {
  const tenantId = login.tenantId ?? login.environment['AZURE_TENANT_ID'];
  switch (login.kind) {
    case 'environment':
      return connectByEnvironment(cloud, { login, tenantId }, options);
    case 'device-code':
      return connectByDeviceCode(cloud, { login, tenantId: tenantId ?? anyOrganization }, signal, options);
    case 'azure-cli':
    case 'managed-identity': {
      const credential = ambientCredential(login, tenantId);
      return connect({ cloud, credential, tenantId: tenantId ?? '', ...(options ? { options } : {}) });
    }
  }
}

interface LoginOf {
  readonly login: Login;
  readonly tenantId: string | undefined;
}

async function connectByEnvironment(
  cloud: CloudEndpoints,
  { login: { environment, readFile }, tenantId }: LoginOf,
  options?: ConnectionOptions,
): Promise<Connection> {
  const secret = environment['AZURE_CLIENT_SECRET'];
  const certificate = environment['AZURE_CLIENT_CERTIFICATE_PATH'];
  const clientId = environment['AZURE_CLIENT_ID'];
  if (tenantId === undefined) throw missing('AZURE_TENANT_ID');
  if (clientId === undefined) throw missing('AZURE_CLIENT_ID');
  if (secret !== undefined) return connectWithSecret(cloud, { tenantId, clientId, secret }, options);
  if (certificate === undefined) throw missing('AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH');
  return connectWithCertificate(cloud, { tenantId, clientId, pem: await readFile(certificate) }, options);
}

function missing(variable: string): AppError {
  return new AppError('invalid-input', {
    message: `The variable ${variable} is not set.`,
    hint: 'Signing in by the environment takes AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH.',
    details: { field: 'login' },
  });
}

async function connectByDeviceCode(
  cloud: CloudEndpoints,
  { login, tenantId }: { readonly login: Login; readonly tenantId: string },
  signal: AbortSignal,
  options?: ConnectionOptions,
): Promise<Connection> {
  const start = { tenantId, cacheKey: 'login' };
  const secrets = secretsOfOneCommand();
  const flow = await startDeviceCode(cloud, start, secrets, signal);
  login.show(flow);
  const identity = await flow.result;
  const signIn = { ...start, homeAccountId: identity.homeAccountId ?? '' };
  return connectUser(cloud, signIn, secrets, options);
}

function secretsOfOneCommand(): SecretStore {
  const values = new Map<string, string>();
  return {
    get: async (key) => values.get(key) ?? null,
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
  };
}

/** Tokens of what this computer is or has already signed in to. */
function ambientCredential(login: Login, tenantId: string | undefined): TokenCredential {
  let made: Promise<TokenCredential> | undefined;
  const make = async (): Promise<TokenCredential> => {
    const { AzureCliCredential, ManagedIdentityCredential } = await import('@azure/identity');
    const clientId = login.environment['AZURE_CLIENT_ID'];
    return login.kind === 'azure-cli'
      ? new AzureCliCredential(tenantId === undefined ? {} : { tenantId })
      : new ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
  };
  return {
    async getToken(scopes, options) {
      made ??= make();
      const credential = await made;
      return credential.getToken(scopes, options).catch((thrown: unknown) => {
        throw unavailable(login.kind, thrown);
      });
    },
  };
}

/** The libraries call every reason why there is no token here by one name. */
function unavailable(kind: LoginKind, thrown: unknown): unknown {
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (name !== 'CredentialUnavailableError') return thrown;
  const cli = kind === 'azure-cli';
  return new AppError('sign-in-failed', {
    message: cli ? 'The Azure CLI gave no token.' : 'No managed identity answers on this computer.',
    hint: cli
      ? 'Install the Azure CLI and run `az login` first.'
      : 'It works on an Azure virtual machine, or another Azure service, that has an identity.',
    details: { reason: message.slice(0, 400) },
    cause: thrown,
  });
}
