import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../front/index.ts';
import type { PrincipalSeed } from '../ports.ts';
import { decodeJwt, isSignedBy, type SigningKey, signJwt } from './jwt.ts';
import { SignInError } from './sign-in-error.ts';

/** Resources that tokens are given out for; anything else does not exist in the lab's tenants. */
const knownResources = [
  'https://management.azure.com',
  'https://management.core.windows.net',
  'https://storage.azure.com',
  'https://disk.azure.com',
  'https://vault.azure.net',
  'https://graph.microsoft.com',
];
const openIdScopes = ['openid', 'profile', 'offline_access', 'email'];
const refreshAudience = 'urn:lab:refresh';
const refreshSeconds = 90 * 86_400;

export interface TokenIssuerDeps {
  readonly signingKey: SigningKey;
  readonly now: () => number;
  readonly accessTokenSeconds: number;
}

export interface TokenRequest {
  readonly principal: PrincipalSeed;
  readonly tenantId: string;
  readonly clientId: string;
  readonly scope: string;
  readonly nonce?: string | undefined;
  /** The sign-in service's public address; issuer of id tokens. */
  readonly origin: string;
}

/** What a refresh token says when it is ours and still good. */
export interface RefreshGrant {
  readonly objectId: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly scope: string;
}

/** The audience of a v2 scope string: its resource, exactly as asked for. */
export function resourceOf(scope: string): string {
  const own = scope.split(/\s+/).filter((each) => each !== '' && !openIdScopes.includes(each));
  const [first] = own;
  if (first === undefined) return 'https://graph.microsoft.com';
  const resource = first.replace(/\/(\.default|user_impersonation)$/, '');
  if (resource === first || own.some((each) => !each.startsWith(`${resource}/`))) {
    throw new SignInError(
      'invalid_scope',
      70011,
      `The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
    );
  }
  if (!knownResources.includes(resource.replace(/\/$/, ''))) {
    throw new SignInError(
      'invalid_resource',
      500011,
      `The resource principal named ${resource} was not found in the tenant. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`,
    );
  }
  return resource;
}

/** A v1 access token: what Resource Manager and storage accept. */
export function accessToken(
  deps: TokenIssuerDeps,
  request: Omit<TokenRequest, 'scope' | 'origin'> & { readonly resource: string },
): string {
  const { principal, tenantId } = request;
  const seconds = Math.floor(deps.now() / 1000);
  const isUser = principal.kind === 'User';
  const person = {
    upn: principal.userPrincipalName,
    unique_name: principal.userPrincipalName,
    name: principal.displayName,
    scp: 'user_impersonation',
  };
  return signJwt(
    {
      aud: request.resource,
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: seconds,
      nbf: seconds - 1,
      exp: seconds + deps.accessTokenSeconds,
      appid: request.clientId,
      appidacr: isUser ? '0' : '1',
      idtyp: isUser ? 'user' : 'app',
      oid: principal.objectId,
      sub: principal.objectId,
      tid: tenantId,
      uti: randomUUID(),
      ver: '1.0',
      ...(isUser ? person : {}),
    },
    deps.signingKey,
  );
}

function idToken(deps: TokenIssuerDeps, request: TokenRequest): string {
  const { principal, tenantId, clientId, nonce, origin } = request;
  const seconds = Math.floor(deps.now() / 1000);
  return signJwt(
    {
      aud: clientId,
      iss: `${origin}/${tenantId}/v2.0`,
      iat: seconds,
      nbf: seconds - 1,
      exp: seconds + deps.accessTokenSeconds,
      name: principal.displayName,
      preferred_username: principal.userPrincipalName,
      oid: principal.objectId,
      sub: principal.objectId,
      tid: tenantId,
      ver: '2.0',
      ...(nonce === undefined ? {} : { nonce }),
    },
    deps.signingKey,
  );
}

function refreshToken(deps: TokenIssuerDeps, request: TokenRequest): string {
  const seconds = Math.floor(deps.now() / 1000);
  const { principal, tenantId, clientId, scope } = request;
  return signJwt(
    {
      aud: refreshAudience,
      exp: seconds + refreshSeconds,
      oid: principal.objectId,
      tid: tenantId,
      azp: clientId,
      scp: scope,
      jti: randomUUID(),
    },
    deps.signingKey,
  );
}

/** The answer of the token endpoint; people also get an id token and a refresh token. */
export function tokenAnswer(deps: TokenIssuerDeps, request: TokenRequest): JsonObject {
  const resource = resourceOf(request.scope);
  const common = {
    token_type: 'Bearer',
    expires_in: deps.accessTokenSeconds,
    ext_expires_in: deps.accessTokenSeconds,
    access_token: accessToken(deps, { ...request, resource }),
  };
  if (request.principal.kind !== 'User') return common;
  const clientInfo = JSON.stringify({ uid: request.principal.objectId, utid: request.tenantId });
  return {
    ...common,
    scope: request.scope,
    id_token: idToken(deps, request),
    refresh_token: refreshToken(deps, request),
    client_info: Buffer.from(clientInfo).toString('base64url'),
  };
}

/** Checks a refresh token; throws `invalid_grant` for a foreign, damaged or old one. */
export function readRefreshToken(deps: TokenIssuerDeps, token: string): RefreshGrant {
  const decoded = decodeJwt(token);
  if (!decoded || !isSignedBy(decoded, deps.signingKey) || decoded.claims.aud !== refreshAudience) {
    throw new SignInError('invalid_grant', 9002313, 'Invalid request. Request is malformed or invalid.');
  }
  const { exp, oid, tid, azp, scp } = decoded.claims;
  if (Number(exp) <= deps.now() / 1000) {
    throw new SignInError('invalid_grant', 700082, 'The refresh token has expired due to inactivity.');
  }
  return { objectId: String(oid), tenantId: String(tid), clientId: String(azp), scope: String(scp) };
}
