import { html, type LabRequest, type LabResponse, redirect } from '../front/index.ts';
import type { PrincipalSeed } from '../ports.ts';
import type { Directory } from './directory.ts';
import { devicePage, formPostPage, messagePage, signInPage } from './pages.ts';
import { SignInError } from './sign-in-error.ts';
import { required, requirePublicClient, type StsDeps, tenantOf } from './token-endpoint.ts';
import { resourceOf } from './token-issuer.ts';

/** Checks a name and password as typed on one of the pages. */
export function signInUser(directory: Directory, form: URLSearchParams): PrincipalSeed {
  const user = directory.user(form.get('login') ?? '');
  if (!user || user.password === undefined || user.password !== form.get('passwd')) {
    throw new SignInError(
      'invalid_grant',
      50126,
      'Error validating credentials due to invalid username or password.',
    );
  }
  return user;
}

/** `http://localhost` in a registration stands for any port and path, as Azure has it for native clients. */
function isRegistered(registered: readonly string[], redirectUri: string): boolean {
  if (registered.includes(redirectUri)) return true;
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  return url?.protocol === 'http:' && url.hostname === 'localhost' && registered.includes('http://localhost');
}

function checkAuthorizeRequest(deps: StsDeps, tenant: string, parameters: URLSearchParams): void {
  tenantOf(deps.directory, tenant);
  const clientId = required(parameters, 'client_id');
  requirePublicClient(deps.directory, clientId, tenant);
  const redirectUri = required(parameters, 'redirect_uri');
  if (!isRegistered(deps.directory.publicClient(clientId)?.redirectUris ?? [], redirectUri)) {
    throw new SignInError(
      'invalid_request',
      50011,
      `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application '${clientId}'.`,
    );
  }
  if (required(parameters, 'response_type') !== 'code') {
    throw new SignInError(
      'unsupported_response_type',
      700054,
      'response_type is not enabled for the application.',
    );
  }
  if (parameters.get('code_challenge_method') !== 'S256' || !parameters.get('code_challenge')) {
    throw new SignInError(
      'invalid_request',
      9002325,
      'Proof Key for Code Exchange is required for cross-origin authorization code redemption.',
    );
  }
  resourceOf(required(parameters, 'scope'));
}

/** `GET|POST /{tenant}/oauth2/v2.0/authorize`: the sign-in page, then the code to the redirect address. */
export function authorizeEndpoint(deps: StsDeps, tenant: string, request: LabRequest): LabResponse {
  const form = new URLSearchParams(request.method === 'POST' ? request.body.toString('utf8') : '');
  const parameters = new URLSearchParams([...request.query]);
  for (const [name, value] of form) if (name !== 'login' && name !== 'passwd') parameters.set(name, value);
  try {
    checkAuthorizeRequest(deps, tenant, parameters);
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return html(400, messagePage('Sign-in failed', `AADSTS${error.number}: ${error.message}`));
  }
  if (request.method !== 'POST') return html(200, signInPage(parameters));
  try {
    return sendCode(deps, { tenant, parameters, user: signInUser(deps.directory, form) });
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return html(200, signInPage(parameters, `AADSTS${error.number}: ${error.message}`));
  }
}

function sendCode(
  deps: StsDeps,
  { tenant, parameters, user }: { tenant: string; parameters: URLSearchParams; user: PrincipalSeed },
): LabResponse {
  const grant = deps.pending.startCode({
    user,
    tenant,
    clientId: required(parameters, 'client_id'),
    scope: required(parameters, 'scope'),
    redirectUri: required(parameters, 'redirect_uri'),
    challenge: required(parameters, 'code_challenge'),
    nonce: parameters.get('nonce') ?? undefined,
  });
  const clientInfo = Buffer.from(JSON.stringify({ uid: user.objectId, utid: user.tenantId })).toString(
    'base64url',
  );
  const fields: [string, string][] = [
    ['code', grant.code],
    ['client_info', clientInfo],
    ['state', parameters.get('state') ?? ''],
  ];
  if (parameters.get('response_mode') === 'form_post')
    return html(200, formPostPage(grant.redirectUri, fields));
  const target = new URL(grant.redirectUri);
  for (const [name, value] of fields) target.searchParams.set(name, value);
  return redirect(target.href);
}

/** `GET|POST /devicelogin`: where a person types the code that the console shows. */
export function devicePageEndpoint(deps: StsDeps, request: LabRequest): LabResponse {
  if (request.method !== 'POST') return html(200, devicePage(request.query.get('otc') ?? ''));
  const form = new URLSearchParams(request.body.toString('utf8'));
  const userCode = form.get('otc') ?? '';
  try {
    const outcome = form.get('decision') === 'decline' ? 'declined' : signInUser(deps.directory, form);
    if (!deps.pending.settleDevice(userCode, outcome)) {
      return html(200, devicePage('', 'That code did not work. Check the code and try again.'));
    }
    const done =
      outcome === 'declined'
        ? 'The sign-in was declined.'
        : 'You have signed in. You may now close this window.';
    return html(200, messagePage('Done', done));
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return html(200, devicePage(userCode, `AADSTS${error.number}: ${error.message}`));
  }
}
