import type { JsonObject, LabResponse } from '../front/index.ts';
import {
  ArmError,
  invalidParameter,
  locationRequired,
  missingParameter,
  resourceNotFound,
} from './arm-error.ts';
import { type Call, groupOf, param, type Route } from './call.ts';
import { compact, sameText, stringAt } from './json-path.ts';
import { operationHeaders, operationRoutes } from './long-running.ts';
import type { Commit, Operation } from './operations.ts';
import { page } from './paging.ts';
import { type Resource, resourceId, withProperties } from './resource.ts';
import type { Removal, ResourceKind, Write } from './resource-kind.ts';
import { tagsOf } from './tags.ts';

const inGroup = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}';

/** The six routes every resource type has, and its own. */
export function resourceRoutes(kind: ResourceKind): readonly Route[] {
  const one = `${inGroup}/providers/${kind.type}/{${kind.nameParameter}}`;
  const { type, apiVersions } = kind;
  const list = (path: string): Route => ({
    method: 'GET',
    path,
    action: `${type}/read`,
    apiVersions,
    handle: (call) => listResources(kind, call),
  });
  return [
    list(`/subscriptions/{subscriptionId}/providers/${type}`),
    list(`${inGroup}/providers/${type}`),
    {
      method: 'GET',
      path: one,
      action: `${type}/read`,
      apiVersions,
      handle: (call) => ({ status: 200, body: show(kind, call, requireResource(kind, call)) }),
    },
    { method: 'PUT', path: one, action: `${type}/write`, apiVersions, handle: (call) => put(kind, call) },
    { method: 'PATCH', path: one, action: `${type}/write`, apiVersions, handle: (call) => patch(kind, call) },
    {
      method: 'DELETE',
      path: one,
      action: `${type}/delete`,
      apiVersions,
      handle: (call) => remove(kind, call),
    },
    ...(kind.extraRoutes ?? []),
  ];
}

/** Polling routes for all kinds together, each address once. */
export function pollingRoutes(kinds: readonly ResourceKind[]): readonly Route[] {
  const routes = new Map<string, Route>();
  for (const kind of kinds) {
    for (const route of operationRoutes(kind.dialect.addresses)) {
      const known = routes.get(route.path);
      const apiVersions = [...new Set([...(known?.apiVersions ?? []), ...route.apiVersions])];
      routes.set(route.path, { ...route, apiVersions });
    }
  }
  return [...routes.values()];
}

/** The resource a path names; throws 404. */
export function requireResource(kind: ResourceKind, call: Call): Resource {
  const id = idOf(kind, call);
  const found = call.deps.store.get(id);
  if (!found) throw resourceNotFound(kind.type, param(call, kind.nameParameter), groupOf(call).name);
  return found;
}

function idOf(kind: ResourceKind, call: Call): string {
  const { subscriptionId } = call;
  return resourceId({
    subscriptionId,
    group: groupOf(call).name,
    type: kind.type,
    name: param(call, kind.nameParameter),
  });
}

/** A resource as Resource Manager returns it. */
export function show(kind: ResourceKind, call: Call, resource: Resource): JsonObject {
  const { id, name, type, location, tags, zones, sku, plan, identity, managedBy, extendedLocation } =
    resource;
  const properties = kind.shownProperties?.(call, resource) ?? resource.properties;
  const etag = kind.dialect.showsEtag ? resource.etag : undefined;
  const members = {
    id,
    name,
    type,
    location,
    tags,
    zones,
    sku,
    kind: resource.kind,
    plan,
    identity,
    managedBy,
    extendedLocation,
    etag,
  };
  return compact({ ...members, ...kind.shownMembers?.(call, resource), properties });
}

function listResources(kind: ResourceKind, call: Call): LabResponse {
  const filter = call.request.query.get('$filter');
  if (filter !== null)
    throw invalidParameter('$filter', `The filter '${filter}' is not supported by the lab.`);
  const group = call.group ? { group: call.group.name } : {};
  const found = call.deps.store.list({ subscriptionId: call.subscriptionId, type: kind.type, ...group });
  return page(
    call,
    found.map((each) => show(kind, call, each)),
  );
}

function checkPreconditions(call: Call, existing: Resource | undefined): void {
  const match = call.request.headers['if-match'];
  const noneMatch = call.request.headers['if-none-match'];
  const matches = (value: string): boolean =>
    existing !== undefined && (value === '*' || value === existing.etag);
  if ((match !== undefined && !matches(match)) || (noneMatch !== undefined && matches(noneMatch))) {
    throw new ArmError(
      412,
      'PreconditionFailed',
      'The condition specified using HTTP conditional header(s) is not met.',
    );
  }
}

function checkBusy(kind: ResourceKind, call: Call, resource: Resource): void {
  if (!call.deps.operations.busy(resource.id)) return;
  if (kind.dialect.busy === 'retryable') {
    throw new ArmError(
      429,
      'RetryableErrorDueToAnotherOperation',
      `Operation on resource ${resource.id} is in progress. Try again later.`,
      { headers: { 'retry-after': '1' } },
    );
  }
  throw new ArmError(
    409,
    'Conflict',
    'The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the conflicting requests.',
  );
}

function checkName(kind: ResourceKind, name: string): void {
  if (kind.namePattern.test(name)) return;
  throw new ArmError(
    400,
    'InvalidResourceName',
    `Resource name ${name} is invalid. The name must follow the naming rules of '${kind.type}'.`,
  );
}

function checkLocation(
  call: Call,
  location: string,
  existing: Resource | undefined,
  kind: ResourceKind,
): string {
  const plain = location.replace(/\s/g, '').toLowerCase();
  const known = call.deps.facts.locations.find((each) => each.name === plain);
  if (!known) {
    const available = call.deps.facts.locations.map((each) => each.name).join(',');
    throw new ArmError(
      400,
      'LocationNotAvailableForResourceType',
      `The provided location '${location}' is not available for resource type '${kind.type}'. List of available regions for the resource type is '${available}'.`,
    );
  }
  if (existing && existing.location !== plain) {
    throw new ArmError(
      409,
      'InvalidResourceLocation',
      `The resource '${existing.name}' already exists in location '${existing.location}' in resource group '${groupOf(call).name}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
    );
  }
  return plain;
}

async function put(kind: ResourceKind, call: Call): Promise<LabResponse> {
  const name = param(call, kind.nameParameter);
  checkName(kind, name);
  const id = idOf(kind, call);
  const existing = call.deps.store.get(id);
  const location = stringAt(call.body, 'location');
  if (location === undefined) {
    throw locationRequired();
  }
  const plain = checkLocation(call, location, existing, kind);
  tagsOf(call.body);
  checkZones(call, plain);
  checkPreconditions(call, existing);
  if (existing) checkBusy(kind, call, existing);
  const write = await kind.write(call, {
    id: existing?.id ?? id,
    name: existing?.name ?? name,
    location: plain,
    existing,
  });
  return carryOut(kind, call, { write, existing, verb: 'write' });
}

function checkZones(call: Call, location: string): void {
  const zones = call.body.zones;
  if (zones === undefined || zones === null) return;
  const known = call.deps.facts.locations.find((each) => each.name === location)?.zones ?? [];
  const wrong = Array.isArray(zones) ? zones.find((each) => !known.includes(String(each))) : zones;
  if (wrong === undefined) return;
  throw new ArmError(
    400,
    'InvalidAvailabilityZone',
    `The zone(s) '${String(wrong)}' for resource is not supported. The supported zones for location '${location}' are '${known.join(',')}'.`,
  );
}

async function patch(kind: ResourceKind, call: Call): Promise<LabResponse> {
  const existing = requireResource(kind, call);
  tagsOf(call.body);
  checkPreconditions(call, existing);
  checkBusy(kind, call, existing);
  const write = kind.patch ? await kind.patch(call, existing) : patchTags(call, existing);
  return carryOut(kind, call, { write, existing, verb: 'write' });
}

/** The patch that every tracked resource knows. */
export function patchTags(call: Call, existing: Resource): Write {
  const tags = tagsOf(call.body);
  return { resource: tags === undefined ? existing : { ...existing, tags } };
}

function carryOut(
  kind: ResourceKind,
  call: Call,
  { write, existing, verb }: { write: Write; existing: Resource | undefined; verb: string },
): LabResponse {
  const { store, operations, newId } = call.deps;
  const { dialect } = kind;
  const stamped = { ...write.resource, etag: `W/"${newId()}"` };
  const { work } = write;
  if (!work && !call.failure) {
    const done = store.put(withProperties(stamped, { provisioningState: 'Succeeded' }));
    const status = existing ? 200 : dialect.createStatus === 202 ? 200 : dialect.createStatus;
    return { status, body: show(kind, call, done) };
  }
  const begun = store.put(
    withProperties(stamped, { provisioningState: existing ? 'Updating' : dialect.creating }),
  );
  const operation = operations.start({
    kind: `${kind.type.split('/')[1]}/${verb}`,
    resourceId: begun.id,
    failure: call.failure,
    work: async (signal) => {
      const result = work ? await work(signal) : begun;
      return () => show(kind, call, store.put(withProperties(result, { provisioningState: 'Succeeded' })));
    },
    undo: () => undoWrite(call, { write, existing, begun }),
  });
  return accepted(kind, call, { operation, resource: begun, isNew: !existing });
}

async function undoWrite(
  call: Call,
  { write, existing, begun }: { write: Write; existing: Resource | undefined; begun: Resource },
): Promise<void> {
  await write.undo?.();
  const { store } = call.deps;
  if (existing) store.put(withProperties(existing, { provisioningState: 'Failed' }));
  else if (write.onFailure === 'remove') store.delete(begun.id);
  else store.put(withProperties(store.get(begun.id) ?? begun, { provisioningState: 'Failed' }));
}

function accepted(
  kind: ResourceKind,
  call: Call,
  { operation, resource, isNew }: { operation: Operation; resource: Resource; isNew: boolean },
): LabResponse {
  const { dialect } = kind;
  const headers = operationHeaders(call, operation, {
    addresses: dialect.addresses,
    location: resource.location,
    ...(dialect.locationOnWrite ? {} : { only: 'status' as const }),
  });
  const status = isNew ? dialect.createStatus : dialect.updateStatus;
  return dialect.bodyOnAccept ? { status, headers, body: show(kind, call, resource) } : { status, headers };
}

async function remove(kind: ResourceKind, call: Call): Promise<LabResponse> {
  const existing = call.deps.store.get(idOf(kind, call));
  if (!existing) return { status: 204 };
  checkPreconditions(call, existing);
  const removal = kind.remove(call, existing);
  // A delete overtakes whatever still runs on the resource.
  await call.deps.operations.preempt(existing.id);
  return startRemoval(kind, call, { removal, existing: call.deps.store.get(existing.id) ?? existing });
}

function startRemoval(
  kind: ResourceKind,
  call: Call,
  { removal, existing }: { removal: Removal; existing: Resource },
): LabResponse | Promise<LabResponse> {
  const { store, operations } = call.deps;
  const { dialect } = kind;
  const work = async (signal: AbortSignal): Promise<Commit> => {
    await removal.work(signal);
    return () => void store.delete(existing.id);
  };
  if (dialect.deleteStatus === 200) {
    return work(call.request.signal).then((commit) => {
      commit();
      return { status: 200 };
    });
  }
  store.put(withProperties(existing, { provisioningState: 'Deleting' }));
  const operation = operations.start({
    kind: `${kind.type.split('/')[1]}/delete`,
    resourceId: existing.id,
    failure: call.failure,
    work,
    undo: async () => {
      if (store.get(existing.id)) store.put(withProperties(existing, { provisioningState: 'Failed' }));
    },
  });
  const { location } = existing;
  return {
    status: 202,
    headers: operationHeaders(call, operation, { addresses: dialect.addresses, location }),
  };
}

/** A `POST` on a resource that takes time: `start`, `beginGetAccess`, ... */
export function actionRoute(
  kind: () => ResourceKind,
  action: string,
  begin: (
    call: Call,
    resource: Resource,
  ) => { work: (signal: AbortSignal) => Promise<JsonObject | undefined> },
  base: Pick<ResourceKind, 'type' | 'nameParameter' | 'apiVersions'>,
): Route {
  return {
    method: 'POST',
    path: `${inGroup}/providers/${base.type}/{${base.nameParameter}}/${action}`,
    action: `${base.type}/${action}/action`,
    apiVersions: base.apiVersions,
    handle: (call) => {
      const resource = requireResource(kind(), call);
      checkBusy(kind(), call, resource);
      const { work } = begin(call, resource);
      const operation = call.deps.operations.start({
        kind: `${base.type.split('/')[1]}/${action}/action`,
        resourceId: resource.id,
        failure: call.failure,
        work,
      });
      const headers = operationHeaders(call, operation, {
        addresses: kind().dialect.addresses,
        location: resource.location,
      });
      return { status: 202, headers };
    },
  };
}

/** A string that must be one of these, as enumerations of Azure's are (letter case does not matter). */
export function oneOf(value: string | undefined, allowed: readonly string[], target: string): string {
  if (value === undefined) throw missingParameter(target);
  const found = allowed.find((each) => sameText(each, value));
  if (!found) throw invalidParameter(target, `The value '${value}' of parameter '${target}' is invalid.`);
  return found;
}
