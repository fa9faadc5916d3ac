import type { AttachedDisk, VmDescription } from '../../../ports.ts';
import type { ArmDeps } from '../../call.ts';
import { numberAt, objectAt, objectsAt, stringAt } from '../../json-path.ts';
import type { Resource } from '../../resource.ts';
import { sizeBytesOf, uniqueIdOf } from '../disk-content.ts';
import { privateAddresses } from './vm-nics.ts';

/** Ids of the disks a VM has. */
export function diskIdsOf(vm: Resource): readonly string[] {
  const profile = objectAt(vm.properties, 'storageProfile');
  return [objectAt(profile, 'osDisk'), ...objectsAt(profile, 'dataDisks')]
    .map((each) => stringAt(each, 'managedDisk', 'id'))
    .filter((id) => id !== undefined);
}

export const nicIdsOf = (vm: Resource): readonly string[] =>
  objectsAt(vm.properties, 'networkProfile', 'networkInterfaces')
    .map((each) => stringAt(each, 'id'))
    .filter((id) => id !== undefined);

function attachedDisks(deps: ArmDeps, vm: Resource): readonly AttachedDisk[] {
  const osDiskId = stringAt(vm.properties, 'storageProfile', 'osDisk', 'managedDisk', 'id');
  const data = objectsAt(vm.properties, 'storageProfile', 'dataDisks');
  return diskIdsOf(vm)
    .map((id) => deps.store.get(id))
    .filter((disk) => disk !== undefined)
    .map((disk) => {
      const entry = data.find((each) => stringAt(each, 'managedDisk', 'id') === disk.id);
      const lun = numberAt(entry, 'lun');
      return {
        uniqueId: uniqueIdOf(disk),
        resourceId: disk.id,
        role: disk.id === osDiskId ? ('os' as const) : ('data' as const),
        ...(lun === undefined ? {} : { lun }),
        sizeBytes: sizeBytesOf(disk),
      };
    });
}

/** What the machine is to be started from. */
async function describeMachine(deps: ArmDeps, vm: Resource, firstBoot: boolean): Promise<VmDescription> {
  const { properties, hidden } = vm;
  const nics = nicIdsOf(vm)
    .map((id) => deps.store.get(id))
    .filter((nic) => nic !== undefined);
  return {
    vmId: String(properties.vmId),
    resourceId: vm.id,
    name: vm.name,
    location: vm.location,
    vmSize: stringAt(properties, 'hardwareProfile', 'vmSize') ?? '',
    osType: stringAt(properties, 'storageProfile', 'osDisk', 'osType') === 'Windows' ? 'Windows' : 'Linux',
    computerName: stringAt(properties, 'osProfile', 'computerName'),
    adminUsername: stringAt(properties, 'osProfile', 'adminUsername'),
    tags: vm.tags ?? {},
    disks: attachedDisks(deps, vm),
    privateIpAddresses: privateAddresses(nics),
    customData: stringAt(hidden, 'customData'),
    userData: stringAt(hidden, 'userData'),
    firstBoot,
    metadataEndpoint: await deps.metadata.endpointOf(vm),
  };
}

/** Starts the machine and remembers that it was asked to run. */
export async function startMachine(
  deps: ArmDeps,
  { vm, firstBoot }: { vm: Resource; firstBoot: boolean },
  signal: AbortSignal,
): Promise<void> {
  await deps.vms.boot(await describeMachine(deps, vm, firstBoot), signal);
  remember(deps, vm, 'running');
}

/** Stops the machine; a deallocated one also gives back its cores. */
export async function stopMachine(
  deps: ArmDeps,
  { vm, state }: { vm: Resource; state: 'stopped' | 'deallocated' },
  signal: AbortSignal,
): Promise<void> {
  await deps.vms.stop(String(vm.properties.vmId), state, signal);
  remember(deps, vm, state);
}

function remember(deps: ArmDeps, vm: Resource, powerState: string): void {
  const present = deps.store.get(vm.id);
  if (present) deps.store.put({ ...present, hidden: { ...present.hidden, powerState } });
}

/**
 * Machines that were running when the lab stopped run again: Azure would not have stopped them. One that cannot be
 * started stays stopped; `onDefect` is told.
 */
export async function restartMachines(
  deps: ArmDeps,
  onDefect: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const vm of deps.store.list({ type: 'Microsoft.Compute/virtualMachines' })) {
    if (vm.hidden.powerState === 'running' && vm.hidden.customData !== undefined) {
      await startMachine(deps, { vm, firstBoot: false }, signal).catch((error: unknown) => {
        remember(deps, vm, 'stopped');
        onDefect(error);
      });
    }
  }
}

/** Remembers which machines have ended by themselves, before a lab closes: they must not run again at its next start. */
export function rememberEnded(deps: ArmDeps): void {
  for (const vm of deps.store.list({ type: 'Microsoft.Compute/virtualMachines' })) {
    const seen = deps.vms.powerState(String(vm.properties.vmId));
    if (seen === 'stopped' && vm.hidden.powerState === 'running') remember(deps, vm, 'stopped');
  }
}
