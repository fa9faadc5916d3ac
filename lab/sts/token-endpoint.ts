import { createHash } from 'node:crypto';
import { json, type LabResponse } from '../front/index.ts';
import type { PrincipalSeed, TenantSeed } from '../ports.ts';
import { authenticateClient } from './client-authentication.ts';
import type { Directory } from './directory.ts';
import type { PendingGrants } from './pending-grants.ts';
import { applicationNotFound, missingParameter, SignInError, tenantNotFound } from './sign-in-error.ts';
import { readRefreshToken, type TokenIssuerDeps, tokenAnswer } from './token-issuer.ts';

export interface StsDeps extends TokenIssuerDeps {
  readonly directory: Directory;
  readonly pending: PendingGrants;
  /** Seconds between two polls of a device sign-in, as told to the client. */
  readonly devicePollSeconds: number;
}

export interface FormCall {
  /** First path segment: tenant id, domain, `common` or `organizations`. */
  readonly tenant: string;
  readonly form: URLSearchParams;
  readonly origin: string;
}

const anyTenant = ['common', 'organizations', 'consumers'];

/** The tenant named in the path, or undefined for the ones that mean "the user's own". */
export function tenantOf(directory: Directory, name: string): TenantSeed | undefined {
  if (anyTenant.includes(name)) return undefined;
  const tenant = directory.tenant(name);
  if (!tenant) throw tenantNotFound(name);
  return tenant;
}

export function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === '') throw missingParameter(name);
  return value;
}

/** An application people may sign in to; throws AADSTS700016 for any other id. */
export function requirePublicClient(directory: Directory, clientId: string, tenant: string): void {
  if (!directory.publicClient(clientId)) throw applicationNotFound(clientId, tenant);
}

type Grant = (deps: StsDeps, call: FormCall) => LabResponse;

const grantsByType: Readonly<Record<string, Grant>> = {
  client_credentials: clientCredentials,
  'urn:ietf:params:oauth:grant-type:device_code': deviceCode,
  device_code: deviceCode,
  authorization_code: authorizationCode,
  refresh_token: refresh,
};

/** `POST /{tenant}/oauth2/v2.0/token`. Throws {@link SignInError} for every refusal. */
export function tokenEndpoint(deps: StsDeps, call: FormCall): LabResponse {
  const type = required(call.form, 'grant_type');
  const grant = grantsByType[type];
  if (!grant) {
    throw new SignInError(
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${type}'.`,
    );
  }
  return grant(deps, call);
}

function clientCredentials(deps: StsDeps, { tenant, form, origin }: FormCall): LabResponse {
  const home = tenantOf(deps.directory, tenant);
  const clientId = required(form, 'client_id');
  const application = home && deps.directory.application(home.tenantId, clientId);
  if (!home || !application) throw applicationNotFound(clientId, home?.displayName ?? tenant);
  const tokenEndpoint = `${origin}/${tenant}/oauth2/v2.0/token`;
  authenticateClient(application, { form, tokenEndpoint, now: deps.now() });
  const scope = required(form, 'scope');
  if (!scope.split(' ').every((each) => each.endsWith('/.default'))) {
    throw new SignInError(
      'invalid_scope',
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  }
  return json(
    200,
    tokenAnswer(deps, { principal: application, tenantId: home.tenantId, clientId, scope, origin }),
  );
}

/** The user's token for this tenant; people can only be in their own. */
function userAnswer(
  deps: StsDeps,
  call: FormCall,
  grant: { user: PrincipalSeed; clientId: string; scope: string; nonce?: string | undefined },
): LabResponse {
  const tenant = tenantOf(deps.directory, call.tenant);
  const { user, clientId, scope, nonce } = grant;
  if (tenant && tenant.tenantId !== user.tenantId) {
    throw new SignInError(
      'invalid_grant',
      50020,
      `User account '${user.userPrincipalName}' from identity provider does not exist in tenant '${tenant.displayName}' and cannot access the application '${clientId}' in that tenant.`,
    );
  }
  return json(
    200,
    tokenAnswer(deps, {
      principal: user,
      tenantId: user.tenantId,
      clientId,
      scope,
      nonce,
      origin: call.origin,
    }),
  );
}

function deviceCode(deps: StsDeps, call: FormCall): LabResponse {
  const clientId = required(call.form, 'client_id');
  const code = call.form.get('device_code') ?? required(call.form, 'code');
  const grant = deps.pending.device(code);
  if (!grant || grant.clientId !== clientId) {
    throw new SignInError('bad_verification_code', 70019, 'Verification code expired or unknown.');
  }
  if (grant.outcome === 'declined') {
    deps.pending.endDevice(code);
    throw new SignInError('authorization_declined', 70000, 'The user declined to authenticate.');
  }
  if (grant.expiresAt <= deps.now()) {
    throw new SignInError(
      'expired_token',
      70020,
      'The provided value for the input parameter device_code is not valid. This device code has expired.',
    );
  }
  if (grant.outcome === 'pending') {
    throw new SignInError(
      'authorization_pending',
      70016,
      'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
    );
  }
  deps.pending.endDevice(code);
  return userAnswer(deps, call, { user: grant.outcome, clientId, scope: grant.scope });
}

function authorizationCode(deps: StsDeps, call: FormCall): LabResponse {
  const { form } = call;
  const clientId = required(form, 'client_id');
  const grant = deps.pending.takeCode(required(form, 'code'));
  if (!grant || grant.clientId !== clientId) {
    throw new SignInError(
      'invalid_grant',
      54005,
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    );
  }
  if (grant.expiresAt <= deps.now()) {
    throw new SignInError(
      'invalid_grant',
      70008,
      'The provided authorization code or refresh token has expired.',
    );
  }
  if (required(form, 'redirect_uri') !== grant.redirectUri) {
    throw new SignInError(
      'invalid_grant',
      500112,
      'The reply address does not match the reply address provided when requesting Authorization code.',
    );
  }
  const challenge = createHash('sha256').update(required(form, 'code_verifier')).digest('base64url');
  if (challenge !== grant.challenge) {
    throw new SignInError(
      'invalid_grant',
      501481,
      'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    );
  }
  const { user, nonce } = grant;
  return userAnswer(deps, call, { user, clientId, scope: form.get('scope') ?? grant.scope, nonce });
}

function refresh(deps: StsDeps, call: FormCall): LabResponse {
  const clientId = required(call.form, 'client_id');
  const grant = readRefreshToken(deps, required(call.form, 'refresh_token'));
  const user = deps.directory.principal(grant.objectId);
  if (!user)
    throw new SignInError('invalid_grant', 50034, 'The user account does not exist in the directory.');
  if (grant.clientId !== clientId) {
    throw new SignInError('invalid_grant', 700007, 'The refresh token was issued to another application.');
  }
  return userAnswer(deps, call, { user, clientId, scope: call.form.get('scope') ?? grant.scope });
}
