import type { DataDisk, VirtualMachine } from '@azure/arm-compute';
import { computeClient } from './clients.ts';
import { type Connection, pollOptions } from './connection.ts';
import { azureCall, orGone, orNull } from './errors.ts';
import type {
  AttachedDataDisk,
  CreateVirtualMachineRequest,
  SwapDisksRequest,
  VirtualMachineConfiguration,
  VmState,
} from './model.ts';
import { parseResourceId, sameResource } from './resource-id.ts';
import { powerOf } from './virtual-machine-list.ts';

/** Null when there is none. */
export async function getVirtualMachineState(
  connection: Connection,
  vmId: string,
  signal: AbortSignal,
): Promise<VmState | null> {
  const id = parseResourceId(vmId);
  return orNull(
    azureCall(`read virtual machine ${id.name}`, signal, async () => {
      const client = await computeClient(connection, id.subscriptionId);
      const vm = await client.virtualMachines.get(id.resourceGroup, id.name, {
        expand: 'instanceView',
        abortSignal: signal,
      });
      return {
        vmId: vm.id ?? vmId,
        power: powerOf(vm),
        provisioning: vm.provisioningState ?? '',
        tags: { ...vm.tags },
      };
    }),
  );
}

/** A machine from restored disks and its saved configuration, in a network of the caller's choice. */
export async function createVirtualMachine(
  connection: Connection,
  request: CreateVirtualMachineRequest,
  signal: AbortSignal,
): Promise<{ readonly vmId: string }> {
  const id = parseResourceId(request.vmId);
  return azureCall(`create virtual machine ${id.name}`, signal, async () => {
    const client = await computeClient(connection, id.subscriptionId);
    const made = await client.virtualMachines.createOrUpdate(
      id.resourceGroup,
      id.name,
      modelOf(request),
      pollOptions(connection, signal),
    );
    return { vmId: made.id ?? request.vmId };
  });
}

/**
 * What of a saved machine goes into a new one. Not taken over: what names the old incarnation (osProfile, which Azure
 * refuses with attached disks; availability set, host, scale set; boot diagnostics in an account of its own).
 */
function modelOf(request: CreateVirtualMachineRequest): VirtualMachine {
  const saved = savedModel(request.configuration);
  const osDisk = saved.storageProfile?.osDisk;
  return {
    location: request.region,
    ...(request.zone === null ? {} : { zones: [request.zone] }),
    ...(saved.plan ? { plan: saved.plan } : {}),
    ...identityOf(saved),
    ...(saved.securityProfile ? { securityProfile: saved.securityProfile } : {}),
    ...(saved.licenseType ? { licenseType: saved.licenseType } : {}),
    ...(saved.additionalCapabilities ? { additionalCapabilities: saved.additionalCapabilities } : {}),
    hardwareProfile: { vmSize: request.size },
    storageProfile: {
      osDisk: {
        createOption: 'Attach',
        osType: osDisk?.osType ?? (request.configuration.summary.os === 'windows' ? 'Windows' : 'Linux'),
        ...(osDisk?.caching ? { caching: osDisk.caching } : {}),
        managedDisk: { id: request.osDiskId },
        deleteOption: 'Detach',
      },
      dataDisks: request.dataDisks.map(attachment),
      ...(saved.storageProfile?.diskControllerType
        ? { diskControllerType: saved.storageProfile.diskControllerType }
        : {}),
    },
    networkProfile: {
      networkInterfaces: request.nicIds.map((nicId, position) => ({
        id: nicId,
        primary: position === 0,
        deleteOption: 'Detach',
      })),
    },
    diagnosticsProfile: { bootDiagnostics: { enabled: true } },
    tags: { ...saved.tags, ...request.tags },
  };
}

/** The saved JSON is the SDK's model without its dates; what is used of it is optional everywhere. */
function savedModel(configuration: VirtualMachineConfiguration): Partial<VirtualMachine> {
  return configuration.vm as Partial<VirtualMachine>;
}

function identityOf(saved: Partial<VirtualMachine>): Pick<VirtualMachine, 'identity'> {
  const type = saved.identity?.type;
  if (!type || type === 'None') return {};
  const assigned = Object.keys(saved.identity?.userAssignedIdentities ?? {});
  return {
    identity: {
      type,
      ...(assigned.length === 0
        ? {}
        : { userAssignedIdentities: Object.fromEntries(assigned.map((name) => [name, {}])) }),
    },
  };
}

function attachment(disk: AttachedDataDisk): DataDisk {
  return {
    lun: disk.lun,
    createOption: 'Attach',
    managedDisk: { id: disk.diskId },
    deleteOption: 'Detach',
    ...(disk.caching === null ? {} : { caching: disk.caching as NonNullable<DataDisk['caching']> }),
  };
}

/**
 * Replaces the OS disk and data disks of a deallocated machine; resolves with the ids of the disks that were
 * detached. Disks that are in place already are left alone, so it can be repeated. The old data disks leave in a
 * request of their own, as a LUN must be free before another disk takes it.
 */
export async function swapDisks(
  connection: Connection,
  request: SwapDisksRequest,
  signal: AbortSignal,
): Promise<{ readonly replaced: string[] }> {
  const id = parseResourceId(request.vmId);
  return azureCall(`replace the disks of ${id.name}`, signal, async () => {
    const client = await computeClient(connection, id.subscriptionId);
    const vm = await client.virtualMachines.get(id.resourceGroup, id.name, { abortSignal: signal });
    const replaced: string[] = [];
    const storage = vm.storageProfile ?? {};
    const kept = (storage.dataDisks ?? []).filter((disk) => {
      const wanted = request.dataDisks.find((candidate) => candidate.lun === disk.lun);
      const old = disk.managedDisk?.id ?? '';
      if (!wanted || sameResource(wanted.diskId, old)) return true;
      replaced.push(old);
      return false;
    });
    const put = (model: VirtualMachine) =>
      client.virtualMachines.createOrUpdate(
        id.resourceGroup,
        id.name,
        model,
        pollOptions(connection, signal),
      );
    if (kept.length < (storage.dataDisks ?? []).length)
      await put({ ...vm, storageProfile: { ...storage, dataDisks: kept } });
    const added = request.dataDisks.filter(
      (wanted) => !kept.some((disk) => disk.lun === wanted.lun && disk.managedDisk?.id !== undefined),
    );
    const osDisk = storage.osDisk;
    const oldOs = osDisk?.managedDisk?.id ?? '';
    const swapOs = request.osDiskId !== null && !sameResource(request.osDiskId, oldOs);
    if (swapOs) replaced.push(oldOs);
    if (!swapOs && added.length === 0) return { replaced };
    await put({
      ...vm,
      storageProfile: {
        ...storage,
        dataDisks: [...kept, ...added.map(attachment)],
        ...(swapOs && osDisk && request.osDiskId !== null
          ? {
              osDisk: {
                ...osDisk,
                name: parseResourceId(request.osDiskId).name,
                managedDisk: { id: request.osDiskId },
              },
            }
          : {}),
      },
    });
    return { replaced };
  });
}

export async function startVirtualMachine(
  connection: Connection,
  vmId: string,
  signal: AbortSignal,
): Promise<void> {
  const id = parseResourceId(vmId);
  await azureCall(`start virtual machine ${id.name}`, signal, async () => {
    const client = await computeClient(connection, id.subscriptionId);
    await client.virtualMachines.start(id.resourceGroup, id.name, pollOptions(connection, signal));
  });
}

export async function deallocateVirtualMachine(
  connection: Connection,
  vmId: string,
  signal: AbortSignal,
): Promise<void> {
  const id = parseResourceId(vmId);
  await azureCall(`stop virtual machine ${id.name}`, signal, async () => {
    const client = await computeClient(connection, id.subscriptionId);
    await client.virtualMachines.deallocate(id.resourceGroup, id.name, pollOptions(connection, signal));
  });
}

/** Quiet when it is gone. Its disks and interfaces follow their own delete options. */
export async function deleteVirtualMachine(
  connection: Connection,
  vmId: string,
  signal: AbortSignal,
): Promise<void> {
  const id = parseResourceId(vmId);
  await orGone(
    azureCall(`delete virtual machine ${id.name}`, signal, async () => {
      const client = await computeClient(connection, id.subscriptionId);
      await client.virtualMachines.delete(id.resourceGroup, id.name, {
        ...pollOptions(connection, signal),
        forceDeletion: true,
      });
    }),
  );
}
