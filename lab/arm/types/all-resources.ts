import type { JsonObject, LabResponse } from '../../front/index.ts';
import { apiVersions } from '../api-versions.ts';
import { ArmError } from '../arm-error.ts';
import type { Call, Route } from '../call.ts';
import { compact, sameText } from '../json-path.ts';
import { page } from '../paging.ts';
import type { Resource } from '../resource.ts';

/** Resources of all types as Resource Manager's own list shows them: without properties. */
function showBriefly(resource: Resource): JsonObject {
  const { id, name, type, location, tags, zones, sku, kind, plan, identity, managedBy } = resource;
  return compact({ id, name, type, location, tags, zones, sku, kind, plan, identity, managedBy });
}

function predicateOf(filter: string | null): (resource: Resource) => boolean {
  if (filter === null) return () => true;
  const type = /^resourceType eq '([^']+)'$/i.exec(filter)?.[1];
  if (type !== undefined) return (resource) => sameText(resource.type, type);
  const [, name, value] = /^tagName eq '([^']+)'(?: and tagValue eq '([^']*)')?$/i.exec(filter) ?? [];
  if (name === undefined) {
    throw new ArmError(
      400,
      'InvalidFilterInQueryString',
      `Invalid $filter '${filter}' specified in the query string.`,
    );
  }
  return ({ tags }) =>
    Object.entries(tags ?? {}).some(
      ([key, each]) => sameText(key, name) && (value === undefined || each === value),
    );
}

function listAll(call: Call): LabResponse {
  const group = call.group ? { group: call.group.name } : {};
  const found = call.deps.store.list({ subscriptionId: call.subscriptionId, ...group });
  return page(call, found.filter(predicateOf(call.request.query.get('$filter'))).map(showBriefly));
}

const route = (path: string): Route => ({
  method: 'GET',
  path,
  action: 'Microsoft.Resources/subscriptions/resources/read',
  apiVersions: apiVersions.resources,
  handle: listAll,
});

export const allResourcesRoutes: readonly Route[] = [
  route('/subscriptions/{subscriptionId}/resources'),
  route('/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/resources'),
];
