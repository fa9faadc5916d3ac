import { networkClient } from './clients.ts';
import { type Connection, pollOptions } from './connection.ts';
import { azureCall, orGone, orNull } from './errors.ts';
import { collect } from './inventory.ts';
import type { CreateNicRequest, CreatePublicIpRequest, NetworkList } from './model.ts';
import { parseResourceId } from './resource-id.ts';

export interface RegionQuery {
  readonly subscriptionId: string;
  readonly region: string;
}

/** Subnets and security groups of a region. */
export async function listNetworks(
  connection: Connection,
  query: RegionQuery,
  signal: AbortSignal,
): Promise<NetworkList> {
  return azureCall('list virtual networks', signal, async () => {
    const client = await networkClient(connection, query.subscriptionId);
    const [networks, groups] = await Promise.all([
      collect(client.virtualNetworks.listAll({ abortSignal: signal }), signal),
      collect(client.networkSecurityGroups.listAll({ abortSignal: signal }), signal),
    ]);
    return {
      subnets: networks
        .filter((network) => network.location === query.region)
        .flatMap((network) =>
          (network.subnets ?? []).flatMap((subnet) =>
            subnet.id === undefined
              ? []
              : [
                  {
                    id: subnet.id,
                    name: subnet.name ?? '',
                    network: network.name ?? '',
                    prefix: subnet.addressPrefix ?? subnet.addressPrefixes?.[0] ?? '',
                  },
                ],
          ),
        ),
      securityGroups: groups
        .filter((group) => group.location === query.region && group.id !== undefined)
        .map((group) => ({ id: group.id ?? '', name: group.name ?? '' })),
    };
  });
}

/** Makes or updates the interface; the address is given by Azure. */
export async function createNic(
  connection: Connection,
  request: CreateNicRequest,
  signal: AbortSignal,
): Promise<{ readonly nicId: string }> {
  const id = parseResourceId(request.nicId);
  return azureCall(`create network interface ${id.name}`, signal, async () => {
    const client = await networkClient(connection, id.subscriptionId);
    const made = await client.networkInterfaces.createOrUpdate(
      id.resourceGroup,
      id.name,
      {
        location: request.region,
        ipConfigurations: [
          {
            name: 'ipconfig1',
            primary: true,
            privateIPAllocationMethod: 'Dynamic',
            subnet: { id: request.subnetId },
            ...(request.publicIpId === null ? {} : { publicIPAddress: { id: request.publicIpId } }),
          },
        ],
        ...(request.securityGroupId === null
          ? {}
          : { networkSecurityGroup: { id: request.securityGroupId } }),
        enableAcceleratedNetworking: request.acceleratedNetworking ?? false,
        tags: { ...request.tags },
      },
      pollOptions(connection, signal),
    );
    return { nicId: made.id ?? request.nicId };
  });
}

/** A static address of the Standard SKU: closed to the world until a security group opens it. */
export async function createPublicIp(
  connection: Connection,
  request: CreatePublicIpRequest,
  signal: AbortSignal,
): Promise<{ readonly publicIpId: string }> {
  const id = parseResourceId(request.publicIpId);
  return azureCall(`create public address ${id.name}`, signal, async () => {
    const client = await networkClient(connection, id.subscriptionId);
    const made = await client.publicIPAddresses.createOrUpdate(
      id.resourceGroup,
      id.name,
      {
        location: request.region,
        ...(request.zone === null ? {} : { zones: [request.zone] }),
        sku: { name: 'Standard' },
        publicIPAllocationMethod: 'Static',
        publicIPAddressVersion: 'IPv4',
        tags: { ...request.tags },
      },
      pollOptions(connection, signal),
    );
    return { publicIpId: made.id ?? request.publicIpId };
  });
}

/** Quiet when it is gone; `conflict` while a machine uses it. */
export async function deleteNic(connection: Connection, nicId: string, signal: AbortSignal): Promise<void> {
  const id = parseResourceId(nicId);
  await orGone(
    azureCall(`delete network interface ${id.name}`, signal, async () => {
      const client = await networkClient(connection, id.subscriptionId);
      await client.networkInterfaces.delete(id.resourceGroup, id.name, pollOptions(connection, signal));
    }),
  );
}

/** Quiet when it is gone; `conflict` while an interface uses it. */
export async function deletePublicIp(
  connection: Connection,
  publicIpId: string,
  signal: AbortSignal,
): Promise<void> {
  const id = parseResourceId(publicIpId);
  await orGone(
    azureCall(`delete public address ${id.name}`, signal, async () => {
      const client = await networkClient(connection, id.subscriptionId);
      await client.publicIPAddresses.delete(id.resourceGroup, id.name, pollOptions(connection, signal));
    }),
  );
}

export interface WorkerNetworkRequest {
  readonly networkId: string;
  /** Closes the subnet to everything inward; null where every interface has a security group of its own. */
  readonly securityGroupId: string | null;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The one subnet of a worker network. */
const workerSubnet = 'workers';

/**
 * A network for workers, made when it is missing: one subnet, everything allowed out. With a security group nothing is
 * allowed in (Azure's default rules admit only neighbours and the load balancer; a rule of ours refuses neighbours too).
 */
export async function ensureWorkerNetwork(
  connection: Connection,
  request: WorkerNetworkRequest,
  signal: AbortSignal,
): Promise<{ readonly subnetId: string }> {
  const id = parseResourceId(request.networkId);
  const subnetId = `${request.networkId}/subnets/${workerSubnet}`;
  return azureCall(`create the worker network ${id.name}`, signal, async () => {
    const client = await networkClient(connection, id.subscriptionId);
    const existing = await orNull(
      azureCall('read the worker network', signal, () =>
        client.virtualNetworks.get(id.resourceGroup, id.name, { abortSignal: signal }),
      ),
    );
    if (existing?.subnets?.some((subnet) => subnet.name === workerSubnet)) return { subnetId };
    const { securityGroupId } = request;
    if (securityGroupId !== null)
      await ensureClosedGroup(connection, { ...request, securityGroupId }, signal);
    const prefix = '10.213.0.0/20';
    await client.virtualNetworks.createOrUpdate(
      id.resourceGroup,
      id.name,
      {
        location: request.region,
        addressSpace: { addressPrefixes: [prefix] },
        subnets: [
          {
            name: workerSubnet,
            addressPrefix: prefix,
            ...(securityGroupId === null ? {} : { networkSecurityGroup: { id: securityGroupId } }),
          },
        ],
        tags: { ...request.tags },
      },
      pollOptions(connection, signal),
    );
    return { subnetId };
  });
}

async function ensureClosedGroup(
  connection: Connection,
  request: WorkerNetworkRequest & { readonly securityGroupId: string },
  signal: AbortSignal,
): Promise<void> {
  const id = parseResourceId(request.securityGroupId);
  const client = await networkClient(connection, id.subscriptionId);
  await client.networkSecurityGroups.createOrUpdate(
    id.resourceGroup,
    id.name,
    {
      location: request.region,
      securityRules: [
        {
          name: 'deny-neighbours',
          priority: 4000,
          direction: 'Inbound',
          access: 'Deny',
          protocol: '*',
          sourceAddressPrefix: '*',
          sourcePortRange: '*',
          destinationAddressPrefix: '*',
          destinationPortRange: '*',
        },
      ],
      tags: { ...request.tags },
    },
    pollOptions(connection, signal),
  );
}
