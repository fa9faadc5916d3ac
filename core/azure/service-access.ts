import { AppError } from '../contract/index.ts';
import { networkClient } from './clients.ts';
import { type Connection, pollOptions } from './connection.ts';
import { azureCall, orGone } from './errors.ts';
import { parseResourceId } from './resource-id.ts';

export interface ServiceSecurityGroupRequest {
  readonly securityGroupId: string;
  readonly region: string;
  readonly port: number;
  /** Address prefixes that may connect; empty for anyone. */
  readonly sources: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** A security group for one interface: one TCP port is open to those addresses, nothing else to anybody, neighbours included. */
export async function createServiceSecurityGroup(
  connection: Connection,
  request: ServiceSecurityGroupRequest,
  signal: AbortSignal,
): Promise<void> {
  const id = parseResourceId(request.securityGroupId);
  const anywhere = { sourcePortRange: '*', destinationAddressPrefix: '*', direction: 'Inbound' };
  await azureCall(`create security group ${id.name}`, signal, async () => {
    const client = await networkClient(connection, id.subscriptionId);
    await client.networkSecurityGroups.createOrUpdate(
      id.resourceGroup,
      id.name,
      {
        location: request.region,
        securityRules: [
          {
            ...anywhere,
            name: 'file-recovery',
            priority: 1000,
            access: 'Allow',
            protocol: 'Tcp',
            destinationPortRange: String(request.port),
            ...(request.sources.length === 0
              ? { sourceAddressPrefix: '*' }
              : { sourceAddressPrefixes: [...request.sources] }),
          },
          {
            ...anywhere,
            name: 'nothing-else',
            priority: 4000,
            access: 'Deny',
            protocol: '*',
            destinationPortRange: '*',
            sourceAddressPrefix: '*',
          },
        ],
        tags: { ...request.tags },
      },
      pollOptions(connection, signal),
    );
  });
}

/** Quiet when it is gone; `conflict` while an interface or a subnet uses it. */
export async function deleteSecurityGroup(
  connection: Connection,
  securityGroupId: string,
  signal: AbortSignal,
): Promise<void> {
  const id = parseResourceId(securityGroupId);
  await orGone(
    azureCall(`delete security group ${id.name}`, signal, async () => {
      const client = await networkClient(connection, id.subscriptionId);
      await client.networkSecurityGroups.delete(id.resourceGroup, id.name, pollOptions(connection, signal));
    }),
  );
}

/** Where a machine is reached: its public address where it has one, else its private one. */
export async function getServiceAddress(
  connection: Connection,
  place: { readonly nicId: string; readonly publicIpId: string | null },
  signal: AbortSignal,
): Promise<string> {
  const address = await azureCall('read the address of the worker', signal, () =>
    place.publicIpId === null
      ? privateAddress(connection, place.nicId, signal)
      : publicAddress(connection, place.publicIpId, signal),
  );
  if (address !== undefined) return address;
  throw new AppError('azure-failed', {
    message: 'Azure has not given the worker an address yet.',
    retryable: true,
  });
}

async function publicAddress(connection: Connection, publicIpId: string, signal: AbortSignal) {
  const id = parseResourceId(publicIpId);
  const client = await networkClient(connection, id.subscriptionId);
  const found = await client.publicIPAddresses.get(id.resourceGroup, id.name, { abortSignal: signal });
  return found.ipAddress;
}

async function privateAddress(connection: Connection, nicId: string, signal: AbortSignal) {
  const id = parseResourceId(nicId);
  const client = await networkClient(connection, id.subscriptionId);
  const found = await client.networkInterfaces.get(id.resourceGroup, id.name, { abortSignal: signal });
  const all = found.ipConfigurations ?? [];
  return (all.find(({ primary }) => primary === true) ?? all[0])?.privateIPAddress;
}
