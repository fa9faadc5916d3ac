import type { ComputeManagementClient } from '@azure/arm-compute';
import type { NetworkManagementClient } from '@azure/arm-network';
import type { ResourceManagementClient } from '@azure/arm-resources';
import type { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import type { StorageManagementClient } from '@azure/arm-storage';
import type { Connection } from './connection.ts';
import { errorPolicy, throttlePolicy } from './pipeline.ts';

/** Clients by kind and subscription; the SDKs take 150 to 700 ms to load, so each is loaded when first needed. */
export interface ClientCache {
  readonly compute: Map<string, Promise<ComputeManagementClient>>;
  readonly network: Map<string, Promise<NetworkManagementClient>>;
  readonly resources: Map<string, Promise<ResourceManagementClient>>;
  readonly storage: Map<string, Promise<StorageManagementClient>>;
  readonly subscriptions: Map<string, Promise<SubscriptionClient>>;
  /** Account keys by storage account id: listing them is limited to few calls per minute. */
  readonly accountKeys: Map<string, Promise<string>>;
}

export function clientCache(): ClientCache {
  return {
    compute: new Map(),
    network: new Map(),
    resources: new Map(),
    storage: new Map(),
    subscriptions: new Map(),
    accountKeys: new Map(),
  };
}

/** The value under this key, made once; a failed try is not kept. */
export function once<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  made.catch(() => cache.delete(key));
  return made;
}

/** `endpoint` is the only option that moves these clients to another cloud; the scope does not follow it. */
function clientOptions(connection: Connection) {
  const { cloud, options } = connection;
  const retryDelayInMs = options.retryDelayMs ?? 800;
  return {
    endpoint: cloud.resourceManager,
    credentials: { scopes: [`${cloud.resourceManagerAudience.replace(/\/$/, '')}/.default`] },
    retryOptions: { maxRetries: options.maxRetries ?? 6, retryDelayInMs, maxRetryDelayInMs: 30_000 },
    userAgentOptions: { userAgentPrefix: 'cairn' },
    additionalPolicies: [
      { policy: errorPolicy(), position: 'perCall' as const },
      { policy: throttlePolicy(retryDelayInMs), position: 'perRetry' as const },
    ],
  };
}

export function computeClient(connection: Connection, subscriptionId: string) {
  return once(connection.clients.compute, subscriptionId, async () => {
    const { ComputeManagementClient } = await import('@azure/arm-compute');
    return new ComputeManagementClient(connection.credential, subscriptionId, clientOptions(connection));
  });
}

export function networkClient(connection: Connection, subscriptionId: string) {
  return once(connection.clients.network, subscriptionId, async () => {
    const { NetworkManagementClient } = await import('@azure/arm-network');
    return new NetworkManagementClient(connection.credential, subscriptionId, clientOptions(connection));
  });
}

export function resourcesClient(connection: Connection, subscriptionId: string) {
  return once(connection.clients.resources, subscriptionId, async () => {
    const { ResourceManagementClient } = await import('@azure/arm-resources');
    return new ResourceManagementClient(connection.credential, subscriptionId, clientOptions(connection));
  });
}

export function storageClient(connection: Connection, subscriptionId: string) {
  return once(connection.clients.storage, subscriptionId, async () => {
    const { StorageManagementClient } = await import('@azure/arm-storage');
    return new StorageManagementClient(connection.credential, subscriptionId, clientOptions(connection));
  });
}

export function subscriptionClient(connection: Connection) {
  return once(connection.clients.subscriptions, '', async () => {
    const { SubscriptionClient } = await import('@azure/arm-resources-subscriptions');
    return new SubscriptionClient(connection.credential, clientOptions(connection));
  });
}
