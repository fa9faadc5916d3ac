import { AppError } from '../contract/index.ts';
import { type Connection, scopeOf } from './connection.ts';
import { azureCall } from './errors.ts';
import type { SignedInIdentity } from './model.ts';

/**
 * Gets a token for Resource Manager now. `sign-in-failed` (wrong secret, tenant or application, with a hint),
 * `not-signed-in` (a user must sign in again), `unreachable`.
 */
export async function proveSignIn(connection: Connection, signal: AbortSignal): Promise<SignedInIdentity> {
  return proof(connection, signal).catch(async (error: unknown) => {
    if (error instanceof AppError && error.code === 'unreachable') await requireTenant(connection, signal);
    throw error;
  });
}

/**
 * The sign-in library tells an unknown tenant and an unreachable host apart in nothing. Entra answers 400 for the
 * metadata of a tenant that does not exist; any other outcome leaves the first error standing.
 */
async function requireTenant(connection: Connection, signal: AbortSignal): Promise<void> {
  const { cloud, tenantId } = connection;
  const path = `${encodeURIComponent(tenantId)}/v2.0/.well-known/openid-configuration`;
  const answer = await fetch(new URL(path, cloud.authorityHost), { signal }).catch(() => undefined);
  await answer?.body?.cancel();
  if (answer?.status !== 400 && answer?.status !== 404) return;
  throw new AppError('sign-in-failed', {
    message: `There is no such tenant: ${tenantId}.`,
    hint: 'Check the tenant id or domain.',
    details: { field: 'tenantId' },
  });
}

async function proof(connection: Connection, signal: AbortSignal): Promise<SignedInIdentity> {
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
