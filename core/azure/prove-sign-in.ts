import { AppError } from '../contract/index.ts';
import { type Connection, scopeOf } from './connection.ts';
import { azureCall } from './errors.ts';
import type { SignedInIdentity } from './model.ts';

/**
 * Gets a token for Resource Manager now. `sign-in-failed` (wrong secret, tenant or application, with a hint),
 * `not-signed-in` (a user must sign in again), `unreachable`.
 */
export async function proveSignIn(connection: Connection, signal: AbortSignal): Promise<SignedInIdentity> {
  return azureCall('sign in', signal, async () => {
    const scope = scopeOf(connection.cloud.resourceManagerAudience);
    const token = await connection.credential.getToken(scope, { abortSignal: signal });
    if (!token) throw new AppError('sign-in-failed', { message: 'The sign-in gave no token.' });
    const claims = readClaims(token.token);
    return {
      tenantId: claims['tid'] ?? connection.tenantId,
      objectId: claims['oid'] ?? '',
      principal:
        claims['upn'] ?? claims['unique_name'] ?? claims['preferred_username'] ?? claims['appid'] ?? '',
      homeAccountId: null,
    };
  });
}

/** Claims of a token we were given ourselves; for display, so its signature does not matter here. */
export function readClaims(token: string): Readonly<Record<string, string | undefined>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    if (typeof claims !== 'object' || claims === null) return {};
    return Object.fromEntries(Object.entries(claims).filter(([, value]) => typeof value === 'string'));
  } catch {
    return {};
  }
}
