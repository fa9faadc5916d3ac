import type { AccessControl, CallerIdentity, TokenCheck } from '../ports.ts';
import type { Directory } from './directory.ts';
import { decodeJwt, isSignedBy, type SigningKey } from './jwt.ts';
import { grants, type RoleAssignment, type RoleDefinition, reaches } from './roles.ts';

/** Resources a token may be issued for, by the service that accepts it. */
export const audiences = {
  arm: ['https://management.azure.com', 'https://management.core.windows.net'],
  storage: ['https://storage.azure.com'],
  disk: ['https://disk.azure.com'],
  keyvault: ['https://vault.azure.net'],
} as const;

const clockSkewSeconds = 300;

/** Roles and who has them where; changes take effect at once. */
export interface RoleBook {
  readonly definitions: readonly RoleDefinition[];
  assignments(): readonly RoleAssignment[];
}

export interface AccessControlDeps {
  readonly directory: Directory;
  readonly signingKey: SigningKey;
  readonly roles: RoleBook;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Refusal = Extract<TokenCheck, { ok: false }>;

const refuse = (reason: Refusal['reason'], message: string): Refusal => ({ ok: false, reason, message });
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export function createAccessControl(deps: AccessControlDeps): AccessControl {
  return {
    verify: (authorization, audience) => verify(deps, authorization, audience),
    isAllowed: (caller, { action, scope, kind }) =>
      rolesAt(deps.roles, caller, scope).some((role) => grants(role, action, kind)),
  };
}

/** The caller's roles that reach a scope. */
export function rolesAt(roles: RoleBook, caller: CallerIdentity, scope: string): readonly RoleDefinition[] {
  return roles
    .assignments()
    .filter((each) => each.principalId === caller.objectId && reaches(each.scope, scope))
    .flatMap((each) => roles.definitions.filter((role) => role.roleName === each.roleName));
}

function verify(
  { directory, signingKey, now }: AccessControlDeps,
  authorization: string | undefined,
  audience: keyof typeof audiences,
): TokenCheck {
  if (!authorization)
    return refuse('missing', "Authentication failed. The 'Authorization' header is missing.");
  const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
  const decoded = token === undefined ? undefined : decodeJwt(token);
  if (!decoded) return refuse('malformed', 'The access token is invalid.');
  if (!isSignedBy(decoded, signingKey)) {
    return refuse('signature', 'The access token validation failure. The signature is invalid.');
  }
  const { claims } = decoded;
  const tenantId = text(claims.tid);
  if (!directory.tenant(tenantId) || claims.iss !== `https://sts.windows.net/${tenantId}/`) {
    return refuse('issuer', `The access token is from the wrong issuer '${text(claims.iss)}'.`);
  }
  const wanted: readonly string[] = audiences[audience];
  if (!wanted.includes(text(claims.aud).replace(/\/$/, ''))) {
    return refuse(
      'audience',
      `The access token has been obtained for wrong audience or resource '${text(claims.aud)}'.`,
    );
  }
  const seconds = now() / 1000;
  if (Number(claims.exp) <= seconds || Number(claims.nbf) > seconds + clockSkewSeconds) {
    return refuse(
      'expired',
      `The access token expiry UTC time '${new Date(Number(claims.exp) * 1000).toISOString()}' is earlier than current UTC time '${new Date(now()).toISOString()}'.`,
    );
  }
  const principal = directory.principal(text(claims.oid));
  if (!principal)
    return refuse('unknown', 'The received access token is not valid: the principal no longer exists.');
  return {
    ok: true,
    caller: {
      objectId: principal.objectId,
      tenantId,
      clientId: text(claims.appid),
      name: principal.userPrincipalName ?? principal.clientId ?? principal.displayName,
    },
  };
}
