import { withFaults } from '../faults/index.ts';
import { type FrontDoor, json, type LabRequest, type LabResponse, openFrontDoor } from '../front/index.ts';
import type { FaultMatcher, PrincipalSeed } from '../ports.ts';
import { SignInError } from './sign-in-error.ts';
import { accessToken, resourceOf, type TokenIssuerDeps } from './token-issuer.ts';

export interface InstanceMetadataOptions {
  readonly issuer: TokenIssuerDeps;
  readonly faults: FaultMatcher;
  /** The VM's identities now; the first is its system-assigned one, if any. */
  readonly identities: () => readonly PrincipalSeed[];
  /** What `/metadata/instance` shows. */
  readonly compute: () => Readonly<Record<string, string>>;
  readonly onDefect: (error: unknown) => void;
}

const imdsError = (status: number, error: string, description: string): LabResponse =>
  json(status, { error, error_description: description });

/** The instance metadata service of one VM, on an address of its own (`http://127.0.0.1:PORT`). */
export function openInstanceMetadata(options: InstanceMetadataOptions): Promise<FrontDoor> {
  return openFrontDoor({
    host: '127.0.0.1',
    port: 0,
    service: withFaults('imds', options.faults, async (request) => answer(options, request)),
    onDefect: options.onDefect,
  });
}

function answer(options: InstanceMetadataOptions, request: LabRequest): LabResponse {
  const path = request.path.replace(/\/+$/, '');
  if (request.headers.metadata?.toLowerCase() !== 'true') {
    return imdsError(400, 'invalid_request', 'Required metadata header not specified');
  }
  if (!request.query.get('api-version')) {
    return json(400, { error: 'Bad request. api-version was not specified in the request' });
  }
  if (path === '/metadata/instance') return json(200, { compute: options.compute() });
  if (path === '/metadata/identity/oauth2/token') return managedIdentityToken(options, request);
  return imdsError(404, 'Not found', 'There is no such metadata.');
}

function pickIdentity(options: InstanceMetadataOptions, query: URLSearchParams): PrincipalSeed | undefined {
  const clientId = query.get('client_id');
  const objectId = query.get('object_id') ?? query.get('principal_id');
  return options
    .identities()
    .find(
      (each) =>
        (clientId === null || each.clientId === clientId) &&
        (objectId === null || each.objectId === objectId),
    );
}

function managedIdentityToken(options: InstanceMetadataOptions, { query }: LabRequest): LabResponse {
  const identity = pickIdentity(options, query);
  if (!identity) return imdsError(400, 'invalid_request', 'Identity not found');
  const resource = query.get('resource');
  if (!resource) return imdsError(400, 'invalid_request', "Required query variable 'resource' is missing");
  try {
    resourceOf(`${resource}/.default`);
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return imdsError(400, error.error, `AADSTS${error.number}: ${error.message}`);
  }
  const { issuer } = options;
  const clientId = identity.clientId ?? '';
  const token = accessToken(issuer, { principal: identity, tenantId: identity.tenantId, clientId, resource });
  const seconds = Math.floor(issuer.now() / 1000);
  return json(200, {
    access_token: token,
    client_id: clientId,
    expires_in: String(issuer.accessTokenSeconds),
    expires_on: String(seconds + issuer.accessTokenSeconds),
    ext_expires_in: String(issuer.accessTokenSeconds),
    not_before: String(seconds),
    resource,
    token_type: 'Bearer',
  });
}
