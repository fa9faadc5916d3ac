import { isObject, type JsonObject, type LabRequest, type LabResponse } from '../front/index.ts';
import type { CallerIdentity, FaultEffect, TokenCheck } from '../ports.ts';
import { ArmError, groupNotFound, subscriptionNotFound } from './arm-error.ts';
import type { ArmDeps, Call, Route } from './call.ts';
import { sameText } from './json-path.ts';
import { createRouter, type RouteMatch } from './router.ts';
import type { Throttle } from './throttle.ts';

/** Reads a body by the published shape of the operation, without what clients cannot set; throws ArmError. */
export type BodyCheck = (route: Route, body: JsonObject) => JsonObject;

export interface ArmServiceOptions {
  readonly deps: ArmDeps;
  readonly routes: readonly Route[];
  /** Without it requests are not limited. */
  readonly throttle?: Throttle | undefined;
  readonly checkBody: BodyCheck;
}

/** Resource Manager: who calls, may they, is it well formed, then the route. */
export function createArmService(
  options: ArmServiceOptions,
): (request: LabRequest, effect: FaultEffect | undefined) => Promise<LabResponse> {
  const router = createRouter(options.routes);
  return async (request, effect) => {
    const id = options.deps.newId();
    const headers: Record<string, string> = {
      'x-ms-request-id': id,
      'x-ms-correlation-request-id': request.headers['x-ms-correlation-request-id'] ?? id,
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
    };
    try {
      const response = await answer({ ...options, router, request, effect, headers });
      return { ...response, headers: { ...headers, ...response.headers } };
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      const response = error.toResponse();
      return { ...response, headers: { ...headers, ...response.headers } };
    }
  };
}

interface Handling extends ArmServiceOptions {
  readonly router: ReturnType<typeof createRouter>;
  readonly request: LabRequest;
  readonly effect: FaultEffect | undefined;
  /** Filled with the rate limit's headers. */
  readonly headers: Record<string, string>;
}

async function answer(handling: Handling): Promise<LabResponse> {
  const { deps, request, router, effect } = handling;
  const match = router.match(request.method, request.path);
  const subscription = findSubscription(deps, request, match);
  const caller = authenticate(deps, request, subscription?.tenantId);
  if (!match) throw unknownPath(router.knowsPath(request.path), request);
  const { route, params } = match;
  const apiVersion = checkApiVersion(route, request);
  if (params.subscriptionId !== undefined && !subscription) throw subscriptionNotFound(params.subscriptionId);
  const subscriptionId = subscription?.subscriptionId ?? '';
  const subject = {
    subscriptionId,
    principalId: caller.objectId,
    method: request.method,
    path: request.path.toLowerCase(),
  };
  Object.assign(handling.headers, handling.throttle?.take(subject));
  authorize(deps, { caller, route, path: request.path });
  const sent = readBody(request);
  const hasBody = request.method !== 'GET' && request.method !== 'DELETE';
  const body = hasBody ? handling.checkBody(route, sent) : {};
  const call: Call = {
    deps,
    request,
    caller,
    params,
    apiVersion,
    subscriptionId,
    tenantId: subscription?.tenantId ?? caller.tenantId,
    group: findGroup(deps, { route, subscriptionId, name: params.resourceGroupName }),
    body,
    failure: effect?.failOperation,
  };
  return route.handle(call);
}

function findSubscription(deps: ArmDeps, request: LabRequest, match: RouteMatch | undefined) {
  const id = match?.params.subscriptionId ?? /^\/subscriptions\/([^/]+)/i.exec(request.path)?.[1];
  return deps.facts.subscriptions.find((each) => sameText(each.subscriptionId, id));
}

const tokenErrors: Readonly<Record<Extract<TokenCheck, { ok: false }>['reason'], string>> = {
  missing: 'AuthenticationFailed',
  malformed: 'InvalidAuthenticationToken',
  signature: 'InvalidAuthenticationToken',
  audience: 'InvalidAuthenticationTokenAudience',
  issuer: 'InvalidAuthenticationTokenTenant',
  expired: 'ExpiredAuthenticationToken',
  unknown: 'InvalidAuthenticationToken',
};

function authenticate(deps: ArmDeps, request: LabRequest, tenantId: string | undefined): CallerIdentity {
  const challenge = `Bearer authorization_uri="${request.origin}/${tenantId ?? 'common'}", error="invalid_token"`;
  const refuse = (code: string, message: string): ArmError =>
    new ArmError(401, code, message, { headers: { 'www-authenticate': challenge } });
  const check = deps.access.verify(request.headers.authorization, 'arm');
  if (!check.ok) throw refuse(tokenErrors[check.reason], check.message);
  if (tenantId !== undefined && check.caller.tenantId !== tenantId) {
    throw refuse(
      'InvalidAuthenticationTokenTenant',
      `The access token is from the wrong issuer 'https://sts.windows.net/${check.caller.tenantId}/'. It must match the tenant 'https://sts.windows.net/${tenantId}/' associated with this subscription. Please use the authority (URL) '${request.origin}/${tenantId}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.`,
    );
  }
  return check.caller;
}

function authorize(
  deps: ArmDeps,
  { caller, route, path }: { caller: CallerIdentity; route: Route; path: string },
): void {
  if (route.action === undefined) return;
  const scope = route.method === 'POST' ? path.slice(0, path.lastIndexOf('/')) : path;
  if (deps.access.isAllowed(caller, { action: route.action, scope, kind: 'action' })) return;
  throw new ArmError(
    403,
    'AuthorizationFailed',
    `The client '${caller.name}' with object id '${caller.objectId}' does not have authorization to perform action '${route.action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

function unknownPath(otherMethod: boolean, request: LabRequest): ArmError {
  if (otherMethod) {
    return new ArmError(
      405,
      'HttpMethodNotAllowed',
      `The http method '${request.method}' is not supported for this resource.`,
    );
  }
  const type = /\/providers\/([^/]+\/[^/]+)/i.exec(request.path)?.[1];
  return type
    ? new ArmError(
        404,
        'InvalidResourceType',
        `The resource type '${type}' could not be found in the namespace.`,
      )
    : new ArmError(404, 'NotFound', `The requested path '${request.path}' could not be found.`);
}

function checkApiVersion(route: Route, request: LabRequest): string {
  const version = request.query.get('api-version');
  if (!version) {
    throw new ArmError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  if (route.apiVersions.includes(version)) return version;
  const supported = route.apiVersions.join(',');
  const type = /\/providers\/([^/{]+\/[^/{]+)/.exec(route.path)?.[1];
  throw type
    ? new ArmError(
        400,
        'NoRegisteredProviderFound',
        `No registered resource provider found for API version '${version}' for type '${type}'. The supported api-versions are '${supported}'.`,
      )
    : new ArmError(
        400,
        'InvalidApiVersionParameter',
        `The api-version '${version}' is invalid. The supported versions are '${supported}'.`,
      );
}

function findGroup(
  deps: ArmDeps,
  { route, subscriptionId, name }: { route: Route; subscriptionId: string; name: string | undefined },
) {
  if (name === undefined) return undefined;
  const group = deps.store.group(subscriptionId, name);
  if (!group) {
    if (route.groupMayBeMissing) return undefined;
    throw groupNotFound(name);
  }
  if (group.provisioningState === 'Deleting' && route.method !== 'GET' && route.method !== 'DELETE') {
    throw new ArmError(
      409,
      'ResourceGroupBeingDeleted',
      `The resource group '${group.name}' is in deprovisioning state and cannot perform this operation.`,
    );
  }
  return group;
}

function readBody(request: LabRequest): JsonObject {
  if (request.body.length === 0) return {};
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(type)) {
    throw new ArmError(
      415,
      'UnsupportedMediaType',
      `The content media type '${type}' is not supported. Only 'application/json' is supported.`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString('utf8'));
  } catch {
    throw new ArmError(
      400,
      'InvalidRequestContent',
      'The request content was invalid and could not be deserialized.',
    );
  }
  if (!isObject(value))
    throw new ArmError(400, 'InvalidRequestContent', 'The request content must be a JSON object.');
  return value;
}
