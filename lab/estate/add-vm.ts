import { stat } from 'node:fs/promises';
import type { Resource, ResourceStore } from '../arm/index.ts';
import type { DiskPlane, ResourceSeed } from '../ports.ts';
import { labSubscriptions } from './estate-directory.ts';
import { uuidOf } from './image-builder.ts';
import { vmResources } from './vm-resources.ts';

const GIB = 1024 ** 3;

/** Prefix of image names that are files of the person at the lab. */
export const FILE_IMAGE = 'file:';

/**
 * Adds a running VM to the estate whose OS disk holds the bytes of a raw image file (rounded up to whole GiB). The file
 * is read in place and must not change as long as the lab runs. Returns the VM's resource id.
 */
export async function addVmFromImage(
  deps: { readonly store: ResourceStore; readonly disks: DiskPlane },
  vm: { readonly file: string; readonly name: string },
  signal: AbortSignal,
): Promise<string> {
  const { size } = await stat(vm.file);
  if (size === 0) throw new Error(`${vm.file} is empty`);
  const { resources } = vmResources({
    subscriptionId: labSubscriptions[0].subscriptionId,
    group: 'rg-shop-prod',
    location: 'westeurope',
    name: vm.name,
    subnet: 'vnet-shop/data',
    privateIp: '10.10.2.50',
    size: 'Standard_D2s_v5',
    os: 'Linux',
    osDisk: { image: undefined, sizeGb: Math.ceil(size / GIB), sku: 'Premium_LRS' },
    tags: { source: 'disk image' },
  });
  const vmId = resources.find((each) => each.id.includes('/virtualMachines/'))?.id ?? '';
  if (deps.store.get(vmId) !== undefined) throw new Error(`There already is a VM named ${vm.name}.`);
  for (const seed of resources) deps.store.put(await running(deps, { seed, vmId, file: vm.file }, signal));
  return vmId;
}

/** The resource as Resource Manager has it once it exists. */
async function running(
  deps: { readonly disks: DiskPlane },
  of: { readonly seed: ResourceSeed; readonly vmId: string; readonly file: string },
  signal: AbortSignal,
): Promise<Resource> {
  const { seed, vmId, file } = of;
  const [, type = '', name = ''] = /\/providers\/([^/]+\/[^/]+)\/([^/]+)$/.exec(seed.id) ?? [];
  const { powerState, ...properties } = seed.properties as Resource['properties'];
  const resource = {
    ...seed,
    name,
    type,
    etag: `W/"${uuidOf(seed.id)}"`,
    properties: { ...properties, provisioningState: 'Succeeded', timeCreated: new Date().toISOString() },
    hidden: {},
  } as Resource;
  if (type === 'Microsoft.Compute/virtualMachines') {
    return {
      ...resource,
      properties: { ...resource.properties, vmId: uuidOf(vmId) },
      hidden: { powerState },
    };
  }
  if (type === 'Microsoft.Network/networkInterfaces') {
    return { ...resource, properties: { ...resource.properties, virtualMachine: { id: vmId } } };
  }
  if (type !== 'Microsoft.Compute/disks') return resource;
  const sizeBytes = Number(properties['diskSizeGB']) * GIB;
  const source = { kind: 'image' as const, image: `${FILE_IMAGE}${file}` };
  const { uniqueId } = await deps.disks.createDisk({ sizeBytes, source }, signal);
  return {
    ...resource,
    managedBy: vmId,
    properties: { ...resource.properties, diskSizeBytes: sizeBytes, uniqueId },
  };
}
