import type { Call } from '../../call.ts';
import { objectAt, objectsAt, sameText, stringAt } from '../../json-path.ts';
import type { Resource } from '../../resource.ts';
import type { Removal } from '../../resource-kind.ts';
import { diskType, uniqueIdOf } from '../disk-content.ts';
import { unbindNic } from './vm-nics.ts';

/** Deletes a VM: what was to be deleted with it goes too, the rest is free again. */
export function removeVm(call: Call, vm: Resource): Removal {
  return { work: (signal) => takeDown(call, vm, signal) };
}

async function takeDown(call: Call, vm: Resource, signal: AbortSignal): Promise<void> {
  const { deps } = call;
  const vmId = String(vm.properties.vmId);
  await deps.vms.remove(vmId, signal);
  await deps.metadata.forget(vmId);
  const present = deps.store.get(vm.id) ?? vm;
  await releaseDisks(call, present, signal);
  releaseNics(call, present);
  const identity = stringAt(present.identity, 'principalId');
  if (identity !== undefined) deps.directory.removeIdentity(identity);
}

async function releaseDisks(call: Call, vm: Resource, signal: AbortSignal): Promise<void> {
  const { store, disks } = call.deps;
  const profile = objectAt(vm.properties, 'storageProfile');
  const entries = [objectAt(profile, 'osDisk'), ...objectsAt(profile, 'dataDisks')];
  for (const disk of store.list({ type: diskType }).filter((each) => sameText(each.managedBy, vm.id))) {
    const entry = entries.find((each) => sameText(stringAt(each, 'managedDisk', 'id'), disk.id));
    if (sameText(stringAt(entry, 'deleteOption'), 'Delete')) {
      await disks.delete(uniqueIdOf(disk), signal);
      store.delete(disk.id);
    } else {
      store.put({ ...disk, managedBy: undefined });
    }
  }
}

function releaseNics(call: Call, vm: Resource): void {
  const { store } = call.deps;
  for (const entry of objectsAt(vm.properties, 'networkProfile', 'networkInterfaces')) {
    const nic = store.get(stringAt(entry, 'id') ?? '');
    if (!nic || !sameText(stringAt(nic.properties, 'virtualMachine', 'id'), vm.id)) continue;
    if (!sameText(stringAt(entry, 'properties', 'deleteOption'), 'Delete')) {
      unbindNic(call, nic.id);
      continue;
    }
    store.delete(nic.id);
    for (const configuration of objectsAt(nic.properties, 'ipConfigurations')) {
      const address = objectAt(configuration, 'properties', 'publicIPAddress');
      const id = stringAt(address, 'id');
      if (id !== undefined && sameText(stringAt(address, 'properties', 'deleteOption'), 'Delete'))
        store.delete(id);
    }
  }
}
