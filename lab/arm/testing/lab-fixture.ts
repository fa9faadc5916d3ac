import * as tls from 'node:tls';
import { ComputeManagementClient } from '@azure/arm-compute';
import { NetworkManagementClient } from '@azure/arm-network';
import { ResourceManagementClient } from '@azure/arm-resources';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import { StorageManagementClient } from '@azure/arm-storage';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { ClientSecretCredential } from '@azure/identity';
import type { ControlPlaneOptions } from '../../control/index.ts';
import { type ControlPlane, prepareControlPlane } from '../../control/index.ts';
import { createLabAuthority } from '../../tls/index.ts';
import { createMemoryPlanes, type MemoryPlanes } from './memory-planes.ts';
import { callers, smallEstate, subscriptionId } from './small-estate.ts';
import { type Exchange, openTrafficValidator } from './traffic-validator.ts';

export interface LabFixture {
  readonly plane: ControlPlane;
  readonly planes: MemoryPlanes;
  /** Everything the clients have sent and got, in order. */
  readonly traffic: Exchange[];
  clients(caller?: keyof typeof callers): Clients;
  /** A call that no SDK client has, recorded like theirs. */
  send(method: string, path: string, body?: object): Promise<Exchange>;
  /** Ends the lab; throws when it had a defect. */
  close(): Promise<void>;
  /** Ends the lab; throws also when it gave an answer that Microsoft's specifications do not allow. */
  closeAndValidate(): Promise<void>;
}

export interface Clients {
  readonly compute: ComputeManagementClient;
  readonly network: NetworkManagementClient;
  readonly resources: ResourceManagementClient;
  readonly storage: StorageManagementClient;
  readonly subscriptions: SubscriptionClient;
  readonly credential: ClientSecretCredential;
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function recorder(traffic: Exchange[]): PipelinePolicy {
  return {
    name: 'recordTraffic',
    sendRequest: async (request, next) => {
      const response = await next(request);
      traffic.push({
        method: request.method,
        url: request.url,
        requestBody: parsed(request.body),
        status: response.status,
        headers: response.headers.toJSON(),
        responseBody: parsed(response.bodyAsText),
      });
      return response;
    },
  };
}

/** A control plane with the small estate, and real SDK clients for it. */
export async function openLabFixture(options: Partial<ControlPlaneOptions> = {}): Promise<LabFixture> {
  const now = options.now ?? Date.now;
  const authority = createLabAuthority(new Date());
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.certificatePem]);
  const defects: unknown[] = [];
  const planes = createMemoryPlanes(now);
  const prepared = await prepareControlPlane({
    seed: smallEstate,
    authority,
    onDefect: (error) => defects.push(error),
    ...options,
  });
  const plane = await prepared.start(planes, new AbortController().signal);
  const traffic: Exchange[] = [];
  const { credential } = makeClients(plane.origin, traffic, 'admin');
  const close = async (): Promise<void> => {
    await plane.close();
    if (defects.length > 0) throw new AggregateError(defects, 'the lab had defects');
  };
  return {
    plane,
    planes,
    traffic,
    clients: (caller = 'admin') => makeClients(plane.origin, traffic, caller),
    send: (method, path, body) => send({ origin: plane.origin, traffic, credential }, { method, path, body }),
    close,
    closeAndValidate: async () => {
      await close();
      const problems = await (await openTrafficValidator())(traffic);
      if (problems.length > 0) throw new Error(`answers unlike Azure's:\n${problems.join('\n')}`);
    },
  };
}

async function send(
  {
    origin,
    traffic,
    credential,
  }: { origin: string; traffic: Exchange[]; credential: ClientSecretCredential },
  { method, path, body }: { method: string; path: string; body: object | undefined },
): Promise<Exchange> {
  const { token } = await credential.getToken('https://management.azure.com/.default');
  const url = `${origin}${path}`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const exchange: Exchange = {
    method,
    url,
    requestBody: body,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    responseBody: parsed(await response.text()),
  };
  traffic.push(exchange);
  return exchange;
}

function makeClients(origin: string, traffic: Exchange[], caller: keyof typeof callers): Clients {
  const { tenantId, clientId, secret } = callers[caller];
  const credential = new ClientSecretCredential(tenantId, clientId, secret, {
    authorityHost: origin,
    disableInstanceDiscovery: true,
  });
  const options = {
    endpoint: origin,
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ policy: recorder(traffic), position: 'perRetry' as const }],
  };
  return {
    credential,
    compute: new ComputeManagementClient(credential, subscriptionId, options),
    network: new NetworkManagementClient(credential, subscriptionId, options),
    resources: new ResourceManagementClient(credential, subscriptionId, options),
    storage: new StorageManagementClient(credential, subscriptionId, options),
    subscriptions: new SubscriptionClient(credential, options),
  };
}

/** Everything an async iterator gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
