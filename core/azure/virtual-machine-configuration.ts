import type { Disk } from '@azure/arm-compute';
import type { NetworkInterface } from '@azure/arm-network';
import { computeClient, networkClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { azureCall, orNull } from './errors.ts';
import type { AzureJson, InterfaceSummary, VirtualMachineConfiguration } from './model.ts';
import { parseResourceId } from './resource-id.ts';
import { powerOf, summarize } from './virtual-machine-list.ts';

/**
 * Everything a restore needs to make this machine again, as JSON in the SDK's (flattened) model shape, which its own
 * create calls take back. A part that is gone or may not be read (a network of another team) is left out;
 * the machine itself and its disks must be readable. `not-found` when the machine is gone.
 */
export async function getVirtualMachineConfiguration(
  connection: Connection,
  vmId: string,
  signal: AbortSignal,
): Promise<VirtualMachineConfiguration> {
  const id = parseResourceId(vmId);
  return azureCall(`read the configuration of ${id.name}`, signal, async () => {
    const compute = await computeClient(connection, id.subscriptionId);
    const vm = await compute.virtualMachines.get(id.resourceGroup, id.name, {
      expand: 'instanceView',
      abortSignal: signal,
    });
    const diskIds = [vm.storageProfile?.osDisk, ...(vm.storageProfile?.dataDisks ?? [])].flatMap((disk) =>
      disk?.managedDisk?.id ? [disk.managedDisk.id] : [],
    );
    const disks = await Promise.all(diskIds.map((diskId) => readDisk(connection, diskId, signal)));
    const nicIds = (vm.networkProfile?.networkInterfaces ?? []).flatMap((nic) => (nic.id ? [nic.id] : []));
    const nics = await readAll(nicIds, (nicId) => readNic(connection, nicId, signal));
    const network = await readNetwork(connection, nics, signal);
    const diskById = new Map(disks.map((disk) => [(disk.id ?? '').toLowerCase(), disk]));
    return {
      format: 1,
      summary: summarize(vm, diskById, powerOf(vm)),
      vm: plain(vm),
      disks: disks.map(plain),
      nics: nics.map(plain),
      ...network,
    };
  });
}

async function readDisk(connection: Connection, diskId: string, signal: AbortSignal): Promise<Disk> {
  const id = parseResourceId(diskId);
  const client = await computeClient(connection, id.subscriptionId);
  return client.disks.get(id.resourceGroup, id.name, { abortSignal: signal });
}

async function readNic(
  connection: Connection,
  nicId: string,
  signal: AbortSignal,
): Promise<NetworkInterface> {
  const id = parseResourceId(nicId);
  const client = await networkClient(connection, id.subscriptionId);
  return client.networkInterfaces.get(id.resourceGroup, id.name, { abortSignal: signal });
}

type NetworkParts = Pick<
  VirtualMachineConfiguration,
  'securityGroups' | 'publicIps' | 'networks' | 'interfaces'
>;

async function readNetwork(
  connection: Connection,
  nics: readonly NetworkInterface[],
  signal: AbortSignal,
): Promise<NetworkParts> {
  const configurations = nics.flatMap((nic) => nic.ipConfigurations ?? []);
  const groupIds = nics.flatMap((nic) => (nic.networkSecurityGroup?.id ? [nic.networkSecurityGroup.id] : []));
  const publicIpIds = configurations.flatMap((ip) => (ip.publicIPAddress?.id ? [ip.publicIPAddress.id] : []));
  const networkIds = configurations.flatMap((ip) =>
    ip.subnet?.id ? [ip.subnet.id.replace(/\/subnets\/[^/]+$/i, '')] : [],
  );
  const [securityGroups, publicIps, networks] = await Promise.all([
    readAll(groupIds, async (groupId) => {
      const id = parseResourceId(groupId);
      const client = await networkClient(connection, id.subscriptionId);
      return client.networkSecurityGroups.get(id.resourceGroup, id.name, { abortSignal: signal });
    }),
    readAll(publicIpIds, async (publicIpId) => {
      const id = parseResourceId(publicIpId);
      const client = await networkClient(connection, id.subscriptionId);
      return client.publicIPAddresses.get(id.resourceGroup, id.name, { abortSignal: signal });
    }),
    readAll(networkIds, async (networkId) => {
      const id = parseResourceId(networkId);
      const client = await networkClient(connection, id.subscriptionId);
      return client.virtualNetworks.get(id.resourceGroup, id.name, { abortSignal: signal });
    }),
  ]);
  const address = new Map(publicIps.map((ip) => [(ip.id ?? '').toLowerCase(), ip.ipAddress ?? null]));
  return {
    securityGroups: securityGroups.map(plain),
    publicIps: publicIps.map(plain),
    networks: networks.map(plain),
    interfaces: nics.map((nic) => interfaceSummary(nic, address)),
  };
}

function interfaceSummary(
  nic: NetworkInterface,
  addresses: ReadonlyMap<string, string | null>,
): InterfaceSummary {
  const ip = nic.ipConfigurations?.find((candidate) => candidate.primary) ?? nic.ipConfigurations?.[0];
  const subnetId = ip?.subnet?.id ?? '';
  return {
    nicId: nic.id ?? '',
    nic: nic.name ?? '',
    primary: nic.primary ?? false,
    subnetId,
    subnet: subnetId.split('/').at(-1) ?? '',
    privateIp: ip?.privateIPAddress ?? null,
    publicIp: addresses.get((ip?.publicIPAddress?.id ?? '').toLowerCase()) ?? null,
    securityGroup: nic.networkSecurityGroup?.id?.split('/').at(-1) ?? null,
  };
}

/** Each distinct id read once; what is gone is left out. */
async function readAll<T>(ids: readonly string[], read: (id: string) => Promise<T>): Promise<T[]> {
  const distinct = [...new Map(ids.map((id) => [id.toLowerCase(), id])).values()];
  const found = await Promise.all(distinct.map((id) => orNull(read(id))));
  return found.filter((item) => item !== null);
}

/** Plain JSON without what is undefined; dates as ISO 8601. */
function plain(model: object): AzureJson {
  const json: AzureJson = JSON.parse(JSON.stringify(model));
  return json;
}
