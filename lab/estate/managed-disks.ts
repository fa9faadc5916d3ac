import type { ResourceStore } from '../arm/index.ts';

/** Resource ids of the managed disks of a VM, the OS disk first. `vm` is a resource id or a name. */
export function managedDisks(store: ResourceStore, vm: string): string[] {
  const found = store
    .list({ type: 'Microsoft.Compute/virtualMachines' })
    .find((each) => [each.id, each.name].some((name) => name.toLowerCase() === vm.toLowerCase()));
  if (found === undefined) throw new Error(`There is no VM ${vm} in the lab.`);
  return store
    .list({ type: 'Microsoft.Compute/disks' })
    .filter((disk) => disk.managedBy?.toLowerCase() === found.id.toLowerCase())
    .sort((a, b) => Number(isOsDisk(b.properties)) - Number(isOsDisk(a.properties)))
    .map((disk) => disk.id);
}

const isOsDisk = (properties: Readonly<Record<string, unknown>>): boolean => 'osType' in properties;
