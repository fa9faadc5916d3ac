import { randomUUID } from 'node:crypto';
import { html, json, type LabRequest, type LabResponse, type Service } from '../front/index.ts';
import { authorizeEndpoint, devicePageEndpoint } from './authorize-endpoint.ts';
import { messagePage } from './pages.ts';
import { SignInError, signInErrorResponse } from './sign-in-error.ts';
import { required, requirePublicClient, type StsDeps, tenantOf, tokenEndpoint } from './token-endpoint.ts';
import { resourceOf } from './token-issuer.ts';

/** True when the front door should hand this path to the sign-in service. */
export function isSignInPath(path: string): boolean {
  return path === '/devicelogin' || /^\/[^/]+\/(oauth2|v2\.0|discovery|\.well-known)(\/|$)/.test(path);
}

/** The sign-in service: discovery, keys, tokens, device codes and the two pages for people. */
export function createSts(deps: StsDeps): Service {
  return async (request) => {
    try {
      return route(deps, request);
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      const correlation = request.headers['client-request-id'] ?? randomUUID();
      return signInErrorResponse(error, { trace: randomUUID(), correlation, now: deps.now() });
    }
  };
}

function route(deps: StsDeps, request: LabRequest): LabResponse {
  if (request.path === '/devicelogin') return devicePageEndpoint(deps, request);
  const [, tenant = '', ...rest] = request.path.split('/');
  const { method, origin } = request;
  const form = new URLSearchParams(method === 'POST' ? request.body.toString('utf8') : '');
  switch (`${method} ${rest.join('/')}`) {
    case 'GET v2.0/.well-known/openid-configuration':
    case 'GET .well-known/openid-configuration':
      return json(200, openIdConfiguration(deps, origin, tenant));
    case 'GET discovery/v2.0/keys':
      return json(200, { keys: [jwk(deps)] });
    case 'GET discovery/instance':
      return json(200, {
        tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
      });
    case 'POST oauth2/v2.0/token':
      return tokenEndpoint(deps, { tenant, form, origin });
    case 'POST oauth2/v2.0/devicecode':
      return startDevice(deps, { tenant, form, origin });
    case 'GET oauth2/v2.0/authorize':
    case 'POST oauth2/v2.0/authorize':
      return authorizeEndpoint(deps, tenant, request);
    case 'GET oauth2/v2.0/logout':
      return html(200, messagePage('Signed out', 'You have signed out.'));
    default:
      return html(404, messagePage('Not found', 'There is no such page in the sign-in service.'));
  }
}

function openIdConfiguration(deps: StsDeps, origin: string, name: string): Record<string, string | string[]> {
  const tenant = tenantOf(deps.directory, name);
  const issuerTenant = tenant?.tenantId ?? '{tenantid}';
  const base = `${origin}/${name}`;
  return {
    issuer: `${origin}/${issuerTenant}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
  };
}

function jwk(deps: StsDeps): Record<string, string> {
  const { kty = '', n = '', e = '' } = deps.signingKey.publicKey.export({ format: 'jwk' });
  const { keyId } = deps.signingKey;
  return { kty, n, e, use: 'sig', kid: keyId, x5t: keyId, alg: 'RS256' };
}

function startDevice(
  deps: StsDeps,
  { tenant, form, origin }: { tenant: string; form: URLSearchParams; origin: string },
): LabResponse {
  tenantOf(deps.directory, tenant);
  const clientId = required(form, 'client_id');
  requirePublicClient(deps.directory, clientId, tenant);
  const scope = required(form, 'scope');
  resourceOf(scope);
  const grant = deps.pending.startDevice({ tenant, clientId, scope });
  const address = `${origin}/devicelogin`;
  return json(200, {
    user_code: grant.userCode,
    device_code: grant.deviceCode,
    verification_uri: address,
    expires_in: Math.round((grant.expiresAt - deps.now()) / 1000),
    interval: deps.devicePollSeconds,
    message: `To sign in, use a web browser to open the page ${address} and enter the code ${grant.userCode} to authenticate.`,
  });
}
