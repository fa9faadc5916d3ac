import type { DataDisk, Disk, OSDisk, VirtualMachine } from '@azure/arm-compute';
import { computeClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { azureCall } from './errors.ts';
import { collect } from './inventory.ts';
import type { SummaryDisk, VirtualMachineSummary } from './model.ts';
import { parseResourceId } from './resource-id.ts';

const gib = 1024 ** 3;

/** Every virtual machine of a subscription with its power state and its disks as they are now: three list calls. */
export async function listVirtualMachines(
  connection: Connection,
  subscriptionId: string,
  signal: AbortSignal,
): Promise<VirtualMachineSummary[]> {
  return azureCall('list virtual machines', signal, async () => {
    const client = await computeClient(connection, subscriptionId);
    const [machines, statuses, disks] = await Promise.all([
      collect(client.virtualMachines.listAll({ abortSignal: signal }), signal),
      collect(client.virtualMachines.listAll({ statusOnly: 'true', abortSignal: signal }), signal),
      collect(client.disks.list({ abortSignal: signal }), signal),
    ]);
    const diskById = new Map(disks.map((disk) => [(disk.id ?? '').toLowerCase(), disk]));
    const powerById = new Map(statuses.map((vm) => [(vm.id ?? '').toLowerCase(), powerOf(vm)]));
    return machines.flatMap((vm) =>
      vm.id === undefined ? [] : [summarize(vm, diskById, powerById.get(vm.id.toLowerCase()) ?? 'other')],
    );
  });
}

/** The model of one machine in the words of the product. */
export function summarize(
  vm: VirtualMachine,
  diskById: ReadonlyMap<string, Disk>,
  power: VirtualMachineSummary['power'],
): VirtualMachineSummary {
  const id = parseResourceId(vm.id ?? '');
  const os = vm.storageProfile?.osDisk;
  return {
    resourceId: vm.id ?? '',
    vmId: vm.vmId ?? '',
    name: vm.name ?? id.name,
    subscriptionId: id.subscriptionId.toLowerCase(),
    resourceGroup: id.resourceGroup,
    region: vm.location,
    zone: vm.zones?.[0] ?? null,
    size: vm.hardwareProfile?.vmSize ?? '',
    os: os?.osType === 'Linux' ? 'linux' : os?.osType === 'Windows' ? 'windows' : 'unknown',
    power,
    disks: [
      ...(os ? [summarizeDisk(os, null, diskById)] : []),
      ...(vm.storageProfile?.dataDisks ?? [])
        .toSorted((left, right) => left.lun - right.lun)
        .map((disk) => summarizeDisk(disk, disk.lun, diskById)),
    ],
    nicIds: (vm.networkProfile?.networkInterfaces ?? []).flatMap((nic) => (nic.id ? [nic.id] : [])),
    tags: { ...vm.tags },
  };
}

function summarizeDisk(
  attached: OSDisk | DataDisk,
  lun: number | null,
  diskById: ReadonlyMap<string, Disk>,
): SummaryDisk {
  const id = attached.managedDisk?.id ?? null;
  const disk = id === null ? undefined : diskById.get(id.toLowerCase());
  return {
    name: attached.name ?? disk?.name ?? '',
    resourceId: id,
    os: lun === null,
    lun,
    sizeBytes: disk?.diskSizeBytes ?? (disk?.diskSizeGB ?? attached.diskSizeGB ?? 0) * gib,
    sku: disk?.sku?.name ?? attached.managedDisk?.storageAccountType ?? '',
    uniqueId: disk?.uniqueId ?? '',
    shared: (disk?.maxShares ?? 1) > 1,
  };
}

export function powerOf(vm: VirtualMachine): VirtualMachineSummary['power'] {
  const code = vm.instanceView?.statuses?.find((status) => status.code?.startsWith('PowerState/'))?.code;
  if (code === 'PowerState/running') return 'running';
  if (code === 'PowerState/stopped') return 'stopped';
  if (code === 'PowerState/deallocated') return 'deallocated';
  return 'other';
}
