import type { JsonObject, LabResponse } from '../../front/index.ts';
import { apiVersions } from '../api-versions.ts';
import { ArmError, locationRequired } from '../arm-error.ts';
import { type Call, groupOf, param, type Route } from '../call.ts';
import { compact, stringAt } from '../json-path.ts';
import { retryAfter } from '../operations.ts';
import { page } from '../paging.ts';
import type { Resource, ResourceGroup } from '../resource.ts';
import type { ResourceKind } from '../resource-kind.ts';
import { tagsOf } from '../tags.ts';

const versions = apiVersions.resources;
const one = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}';
const type = 'Microsoft.Resources/subscriptions/resourceGroups';
const namePattern = /^[-\w.()]{0,89}[-\w()]$/u;

function showGroup(group: ResourceGroup): JsonObject {
  const { subscriptionId, name, location, tags, managedBy, provisioningState } = group;
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${name}`;
  return compact({
    id,
    name,
    type: 'Microsoft.Resources/resourceGroups',
    location,
    tags,
    managedBy,
    properties: { provisioningState },
  });
}

function putGroup(call: Call): LabResponse {
  const name = param(call, 'resourceGroupName');
  if (!namePattern.test(name)) {
    throw new ArmError(
      400,
      'InvalidResourceGroup',
      `The provided resource group name '${name}' has these invalid characters or is too long.`,
    );
  }
  const location = stringAt(call.body, 'location')?.replace(/\s/g, '').toLowerCase();
  if (location === undefined) {
    throw locationRequired();
  }
  if (!call.deps.facts.locations.some((each) => each.name === location)) {
    throw new ArmError(
      400,
      'LocationNotAvailableForResourceGroup',
      `The provided location '${location}' is not available for resource group.`,
    );
  }
  const existing = call.group;
  if (existing && existing.location !== location) {
    throw new ArmError(
      409,
      'InvalidResourceGroupLocation',
      `Invalid resource group location '${location}'. The Resource group already exists in location '${existing.location}'.`,
    );
  }
  const group = call.deps.store.putGroup({
    subscriptionId: call.subscriptionId,
    name: existing?.name ?? name,
    location,
    tags: tagsOf(call.body),
    managedBy: stringAt(call.body, 'managedBy'),
    provisioningState: 'Succeeded',
  });
  return { status: existing ? 200 : 201, body: showGroup(group) };
}

function patchGroup(call: Call): LabResponse {
  const group = groupOf(call);
  const tags = tagsOf(call.body);
  return { status: 200, body: showGroup(call.deps.store.putGroup(tags ? { ...group, tags } : group)) };
}

/** VMs first, then what they held: the order in which Resource Manager finds deletes to succeed. */
const deletionOrder = [
  'Microsoft.Compute/virtualMachines',
  'Microsoft.Network/networkInterfaces',
  'Microsoft.Compute/snapshots',
  'Microsoft.Network/virtualNetworks',
];

function inDeletionOrder(resources: readonly Resource[]): readonly Resource[] {
  const rank = (resource: Resource): number => {
    const index = deletionOrder.indexOf(resource.type);
    return index < 0 ? deletionOrder.length : index;
  };
  return [...resources].sort((a, b) => rank(a) - rank(b));
}

async function deleteContents(
  call: Call,
  kinds: readonly ResourceKind[],
  signal: AbortSignal,
): Promise<void> {
  const { store, operations } = call.deps;
  const { subscriptionId, name } = groupOf(call);
  for (const resource of inDeletionOrder(store.list({ subscriptionId, group: name }))) {
    await operations.preempt(resource.id);
    const kind = kinds.find((each) => each.type === resource.type);
    const present = store.get(resource.id);
    if (kind && present) await kind.remove(call, present).work(signal);
    store.delete(resource.id);
  }
  store.deleteGroup(subscriptionId, name);
}

function deleteGroup(call: Call, kinds: readonly ResourceKind[]): LabResponse {
  const { store, operations, timing } = call.deps;
  const group = groupOf(call);
  store.putGroup({ ...group, provisioningState: 'Deleting' });
  const operation = operations.start({
    kind: 'resourceGroups/delete',
    resourceId: `/subscriptions/${group.subscriptionId}/resourceGroups/${group.name}`,
    failure: call.failure,
    work: async (signal) => {
      await deleteContents(call, kinds, signal);
      return undefined;
    },
    undo: async () => {
      store.putGroup({ ...group, provisioningState: 'Succeeded' });
    },
  });
  const location = `${call.request.origin}/subscriptions/${call.subscriptionId}/operationresults/${operation.id}?api-version=${call.apiVersion}`;
  return { status: 202, headers: { location, 'retry-after': retryAfter(timing.retryAfterMs) } };
}

async function deletionResult(call: Call): Promise<LabResponse> {
  const operation = await call.deps.operations.poll(param(call, 'operationId'), call.request.signal);
  if (!operation) throw new ArmError(404, 'OperationNotFound', 'The operation was not found.');
  if (operation.error) return { status: 409, body: { error: operation.error } };
  if (operation.status === 'Succeeded') return { status: 200 };
  const location = `${call.request.origin}${call.request.path}?${call.request.query}`;
  return {
    status: 202,
    headers: { location, 'retry-after': retryAfter(call.deps.timing.retryAfterMs) },
  };
}

/** Groups; `kinds` know how to take their resources down with them. */
export function resourceGroupRoutes(kinds: readonly ResourceKind[]): readonly Route[] {
  const route = (method: Route['method'], verb: string, handle: Route['handle'], path = one): Route => ({
    method,
    path,
    action: `${type}/${verb}`,
    apiVersions: versions,
    handle,
    groupMayBeMissing: method === 'PUT' || method === 'HEAD',
  });
  return [
    route(
      'GET',
      'read',
      (call) => page(call, groupsOf(call).map(showGroup)),
      '/subscriptions/{subscriptionId}/resourceGroups',
    ),
    route('GET', 'read', (call) => ({ status: 200, body: showGroup(groupOf(call)) })),
    route('HEAD', 'read', (call) => ({ status: call.group ? 204 : 404 })),
    route('PUT', 'write', putGroup),
    route('PATCH', 'write', patchGroup),
    route('DELETE', 'delete', (call) => deleteGroup(call, kinds)),
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/operationresults/{operationId}',
      action: undefined,
      apiVersions: versions,
      handle: deletionResult,
    },
  ];
}

function groupsOf(call: Call): readonly ResourceGroup[] {
  return call.deps.store.groups(call.subscriptionId).filter((group) => matchesFilter(call, group));
}

function matchesFilter(call: Call, group: ResourceGroup): boolean {
  const filter = call.request.query.get('$filter');
  if (filter === null) return true;
  const [, name, value] = /^tagName eq '([^']*)'(?: and tagValue eq '([^']*)')?$/i.exec(filter) ?? [];
  if (name === undefined) {
    throw new ArmError(
      400,
      'InvalidFilterInQueryString',
      `Invalid $filter '${filter}' specified in the query string.`,
    );
  }
  const found = Object.entries(group.tags ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found !== undefined && (value === undefined || found[1] === value);
}
