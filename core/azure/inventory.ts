import { resourcesClient, subscriptionClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { azureCall, orNull } from './errors.ts';
import type { AzureSubscription, OwnedResource, RegionInfo, ResourceGroupInfo } from './model.ts';
import type { ResourceGroupPlace } from './resource-id.ts';
import { installationTag, kindTag, sessionTag } from './tags.ts';

/** All items of a paged list. Later pages take no abort signal in the SDK, so it is looked at between items. */
export async function collect<T>(items: AsyncIterable<T>, signal: AbortSignal): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    signal.throwIfAborted();
    all.push(item);
  }
  return all;
}

export async function listSubscriptions(
  connection: Connection,
  signal: AbortSignal,
): Promise<AzureSubscription[]> {
  return azureCall('list subscriptions', signal, async () => {
    const client = await subscriptionClient(connection);
    const found = await collect(client.subscriptions.list({ abortSignal: signal }), signal);
    return found.flatMap((item) =>
      item.subscriptionId === undefined
        ? []
        : [
            {
              id: item.subscriptionId,
              name: item.displayName ?? item.subscriptionId,
              tenantId: item.tenantId ?? connection.tenantId,
              state: item.state ?? 'Enabled',
            },
          ],
    );
  });
}

/** Physical regions that this subscription can use. */
export async function listRegions(
  connection: Connection,
  subscriptionId: string,
  signal: AbortSignal,
): Promise<RegionInfo[]> {
  return azureCall('list regions', signal, async () => {
    const client = await subscriptionClient(connection);
    const found = await collect(
      client.subscriptions.listLocations(subscriptionId, { abortSignal: signal }),
      signal,
    );
    return found.flatMap((item) =>
      item.name === undefined || (item.metadata?.regionType ?? 'Physical') !== 'Physical'
        ? []
        : [{ name: item.name, displayName: item.displayName ?? item.name }],
    );
  });
}

export async function listResourceGroups(
  connection: Connection,
  subscriptionId: string,
  signal: AbortSignal,
): Promise<ResourceGroupInfo[]> {
  return azureCall('list resource groups', signal, async () => {
    const client = await resourcesClient(connection, subscriptionId);
    const found = await collect(client.resourceGroups.list({ abortSignal: signal }), signal);
    return found.map(groupInfo);
  });
}

/** Null when there is none. */
export async function getResourceGroup(
  connection: Connection,
  place: ResourceGroupPlace,
  signal: AbortSignal,
): Promise<ResourceGroupInfo | null> {
  return orNull(
    azureCall(`read resource group ${place.resourceGroup}`, signal, async () => {
      const client = await resourcesClient(connection, place.subscriptionId);
      return groupInfo(await client.resourceGroups.get(place.resourceGroup, { abortSignal: signal }));
    }),
  );
}

export interface ResourceGroupCreation extends ResourceGroupPlace {
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The group, made when it is missing; an existing one keeps its region and tags. */
export async function ensureResourceGroup(
  connection: Connection,
  creation: ResourceGroupCreation,
  signal: AbortSignal,
): Promise<ResourceGroupInfo> {
  const existing = await getResourceGroup(connection, creation, signal);
  if (existing) return existing;
  return azureCall(`create resource group ${creation.resourceGroup}`, signal, async () => {
    const client = await resourcesClient(connection, creation.subscriptionId);
    const body = { location: creation.region, tags: { ...creation.tags } };
    return groupInfo(
      await client.resourceGroups.createOrUpdate(creation.resourceGroup, body, { abortSignal: signal }),
    );
  });
}

export interface OwnResourceQuery {
  readonly subscriptionId: string;
  readonly installationId: string;
}

/**
 * Resources of a subscription that carry this installation's tag, whatever their type. The tags are compared here:
 * Azure leaves the tags out of an answer that it filtered by tag (REST reference, Resources - List).
 */
export async function listOwnResources(
  connection: Connection,
  query: OwnResourceQuery,
  signal: AbortSignal,
): Promise<OwnedResource[]> {
  return azureCall('list resources by tag', signal, async () => {
    const client = await resourcesClient(connection, query.subscriptionId);
    const found = await collect(client.resources.list({ abortSignal: signal }), signal);
    return found.flatMap((item) =>
      item.id === undefined || item.tags?.[installationTag] !== query.installationId
        ? []
        : [
            {
              resourceId: item.id,
              type: item.type ?? '',
              kind: item.tags[kindTag] ?? '',
              sessionId: item.tags[sessionTag] ?? null,
              tags: { ...item.tags },
            },
          ],
    );
  });
}

interface GroupFields {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly location: string;
  readonly tags?: Record<string, string> | undefined;
}

function groupInfo(group: GroupFields): ResourceGroupInfo {
  return { id: group.id ?? '', name: group.name ?? '', region: group.location, tags: { ...group.tags } };
}
