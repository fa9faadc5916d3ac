import type {
  AuthenticationResult,
  Configuration,
  DeviceCodeRequest,
  PublicClientApplication,
} from '@azure/msal-node';
import { AppError } from '../contract/index.ts';
import type { CloudEndpoints, SecretStore } from '../host.ts';
import { type Connection, type ConnectionOptions, connect, scopeOf } from './connection.ts';
import { toAzureError } from './errors.ts';
import type { DeviceCodeFlow, SignedInIdentity, UserSignIn } from './model.ts';
import { isKnownAuthority } from './service-principal.ts';

/** Microsoft's public client for developer tools; Azure's own SDKs use it for device-code sign-in by default. */
const publicClientId = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

export interface DeviceCodeStart {
  readonly tenantId: string;
  /** Key of the token cache in the host's secret store; the same key opens the connection later. */
  readonly cacheKey: string;
}

/**
 * Begins a device-code sign-in. `flow.result` settles when the user has finished or refused, or the code has expired;
 * aborting the signal cancels it.
 */
export async function startDeviceCode(
  cloud: CloudEndpoints,
  start: DeviceCodeStart,
  secrets: SecretStore,
  signal: AbortSignal,
): Promise<DeviceCodeFlow> {
  const client = await openClient(cloud, start, secrets);
  const startedAt = Date.now();
  return new Promise((resolve, reject) => {
    const request: DeviceCodeRequest = {
      scopes: [scopeOf(cloud.resourceManagerAudience)],
      deviceCodeCallback: (code) =>
        resolve({
          userCode: code.userCode,
          verificationUrl: code.verificationUri,
          expiresAt: startedAt + code.expiresIn * 1000,
          result,
        }),
    };
    const cancel = (): void => {
      request.cancel = true;
    };
    signal.addEventListener('abort', cancel, { once: true });
    const result = client
      .acquireTokenByDeviceCode(request)
      .then((token) => identityOf(token))
      .catch((thrown: unknown) => {
        throw signal.aborted
          ? new AppError('cancelled', { message: 'The sign-in was cancelled.', cause: thrown })
          : toAzureError('sign in', thrown);
      })
      .finally(() => signal.removeEventListener('abort', cancel));
    result.catch(reject);
  });
}

/** A connection of a user who signed in before; tokens come from the cache in the secret store. */
export function connectUser(
  cloud: CloudEndpoints,
  signIn: UserSignIn,
  secrets: SecretStore,
  options?: ConnectionOptions,
): Connection {
  let opened: Promise<PublicClientApplication> | undefined;
  const credential = {
    async getToken(scopes: string | string[], tokenOptions?: { readonly claims?: string }) {
      opened ??= openClient(cloud, signIn, secrets);
      const client = await opened;
      const account = (await client.getTokenCache().getAllAccounts()).find(
        (known) => known.homeAccountId === signIn.homeAccountId,
      );
      if (!account) throw signedOut();
      const claims = tokenOptions?.claims;
      const token = await client.acquireTokenSilent({
        account,
        scopes: typeof scopes === 'string' ? [scopes] : scopes,
        ...(claims === undefined ? {} : { claims, forceRefresh: true }),
      });
      return {
        token: token.accessToken,
        expiresOnTimestamp: token.expiresOn?.getTime() ?? Date.now() + 300_000,
      };
    },
  };
  return connect({ cloud, credential, tenantId: signIn.tenantId, ...(options ? { options } : {}) });
}

function signedOut(): AppError {
  return new AppError('not-signed-in', {
    message: 'This user is not signed in any more.',
    hint: 'Sign in again.',
  });
}

function identityOf(token: AuthenticationResult | null): SignedInIdentity {
  if (!token?.account) throw new AppError('sign-in-failed', { message: 'The sign-in gave no account.' });
  return {
    tenantId: token.account.tenantId,
    objectId: token.account.localAccountId,
    principal: token.account.username,
    homeAccountId: token.account.homeAccountId,
  };
}

/** The library's cache holds refresh tokens in clear: it lives in the host's secret store and nowhere else. */
async function openClient(
  cloud: CloudEndpoints,
  signIn: DeviceCodeStart,
  secrets: SecretStore,
): Promise<PublicClientApplication> {
  const { PublicClientApplication } = await import('@azure/msal-node');
  const authorityUrl = new URL(cloud.authorityHost);
  const configuration: Configuration = {
    auth: {
      clientId: publicClientId,
      authority: new URL(signIn.tenantId, authorityUrl).href,
      ...(isKnownAuthority(cloud) ? {} : { knownAuthorities: [authorityUrl.host] }),
    },
    cache: {
      cachePlugin: {
        async beforeCacheAccess(context) {
          const stored = await secrets.get(signIn.cacheKey);
          if (stored !== null) context.tokenCache.deserialize(stored);
        },
        async afterCacheAccess(context) {
          if (context.cacheHasChanged) await secrets.set(signIn.cacheKey, context.tokenCache.serialize());
        },
      },
    },
  };
  return new PublicClientApplication(configuration);
}
