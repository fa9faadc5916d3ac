import type { DiskPlane, EstateSeed, ResourceSeed, StoragePlane } from '../ports.ts';
import type { Directory, RoleBook } from '../sts/index.ts';
import { numberAt, objectAt, objectsAt, stringAt } from './json-path.ts';
import { parseResourceId, type Resource, withProperties } from './resource.ts';
import type { ResourceStore } from './resource-store.ts';
import { diskType, gibibyte } from './types/disk-content.ts';
import { storageType } from './types/storage-accounts.ts';
import { stableGuid, vmType, wantsOwnIdentity } from './types/vm/index.ts';

export interface SeedStoreDeps {
  readonly store: ResourceStore;
  readonly directory: Directory;
  readonly disks: DiskPlane;
  readonly storage: StoragePlane;
  readonly now: () => number;
  readonly newId: () => string;
  readonly roles: RoleBook;
}

/** Fills an empty store with an estate: disks get their bytes, accounts their endpoints, VMs their identities. */
export async function seedStore(seed: EstateSeed, deps: SeedStoreDeps, signal: AbortSignal): Promise<void> {
  for (const group of seed.resourceGroups) deps.store.putGroup({ ...group, provisioningState: 'Succeeded' });
  for (const assignment of seed.roleAssignments) {
    if (!deps.roles.definitions.some((role) => role.roleName === assignment.roleName)) {
      throw new Error(`The estate assigns a role that the lab does not know: ${assignment.roleName}`);
    }
    const name = stableGuid(`${assignment.principalId} ${assignment.roleName} ${assignment.scope}`);
    const scope = assignment.scope === '/' ? '' : assignment.scope;
    deps.store.putRoleAssignment({
      ...assignment,
      id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    });
  }
  for (const each of seed.resources) {
    const resource = plainResource(each, deps);
    deps.store.put(await withContent(resource, seed, deps, signal));
  }
  tieVms(deps);
}

function plainResource(seed: ResourceSeed, deps: SeedStoreDeps): Resource {
  const id = parseResourceId(seed.id);
  if (!id) throw new Error(`The estate names a resource with an id that is none: ${seed.id}`);
  const { type, name } = id;
  if (!deps.store.group(id.subscriptionId, id.group))
    throw new Error(`The estate has no group for ${seed.id}`);
  return {
    ...seed,
    name,
    type,
    etag: `W/"${deps.newId()}"`,
    properties: { ...(seed.properties as Resource['properties']), provisioningState: 'Succeeded' },
    hidden: {},
  } as Resource;
}

async function withContent(
  resource: Resource,
  seed: EstateSeed,
  deps: SeedStoreDeps,
  signal: AbortSignal,
): Promise<Resource> {
  if (resource.type === diskType) {
    const image = Object.entries(seed.diskImages).find(
      ([id]) => id.toLowerCase() === resource.id.toLowerCase(),
    )?.[1];
    const sizeBytes =
      numberAt(resource.properties, 'diskSizeBytes') ??
      (numberAt(resource.properties, 'diskSizeGB') ?? 0) * gibibyte;
    const source = image === undefined ? { kind: 'empty' as const } : { kind: 'image' as const, image };
    const content = await deps.disks.createDisk({ sizeBytes, source }, signal);
    return withProperties(resource, {
      timeCreated: new Date(deps.now()).toISOString(),
      diskSizeGB: Math.ceil(content.sizeBytes / gibibyte),
      diskSizeBytes: content.sizeBytes,
      uniqueId: content.uniqueId,
    });
  }
  if (resource.type === storageType) {
    const data = await deps.storage.createAccount(resource.name, signal);
    deps.storage.bindAccount(resource.name, resource.id);
    return withProperties(resource, {
      creationTime: new Date(deps.now()).toISOString(),
      primaryLocation: resource.location,
      statusOfPrimary: 'available',
      primaryEndpoints: { blob: data.blobEndpoint, queue: data.queueEndpoint },
    });
  }
  return resource;
}

/** Ties VMs to their disks and NICs and gives them what every VM has. */
function tieVms(deps: SeedStoreDeps): void {
  const { store } = deps;
  for (const vm of store.list({ type: vmType })) {
    const profile = objectAt(vm.properties, 'storageProfile');
    const attached = [objectAt(profile, 'osDisk'), ...objectsAt(profile, 'dataDisks')];
    for (const disk of attached) {
      const id = stringAt(disk, 'managedDisk', 'id');
      const found = id === undefined ? undefined : store.get(id);
      if (found) store.put({ ...found, managedBy: vm.id });
    }
    for (const reference of objectsAt(vm.properties, 'networkProfile', 'networkInterfaces')) {
      const nic = store.get(String(reference.id));
      if (nic) store.put(withProperties(nic, { virtualMachine: { id: vm.id } }));
    }
    const vmId = stringAt(vm.properties, 'vmId') ?? stableGuid(vm.id);
    const powerState = stringAt(vm.properties, 'powerState') ?? 'running';
    const { powerState: _asked, ...properties } = vm.properties;
    store.put({
      ...vm,
      identity: ownIdentity(vm, deps),
      properties: { ...properties, vmId, timeCreated: new Date(deps.now()).toISOString() },
      hidden: { powerState },
    });
  }
}

/** The identity block of a VM with its service principal, made when the VM asks for one. */
export function ownIdentity(
  vm: Resource,
  deps: Pick<SeedStoreDeps, 'directory' | 'newId'> & { readonly tenantId?: string },
): Resource['identity'] {
  if (!wantsOwnIdentity(vm.identity)) return vm.identity;
  const principalId =
    stringAt(vm.identity, 'principalId') ?? stableGuid(`principal ${vm.id} ${deps.newId()}`);
  const known = deps.directory.principal(principalId);
  const tenantId = known?.tenantId ?? stringAt(vm.identity, 'tenantId') ?? deps.tenantId ?? '';
  if (!known) {
    deps.directory.addIdentity({
      objectId: principalId,
      tenantId,
      kind: 'ServicePrincipal',
      displayName: vm.name,
      clientId: stableGuid(`client ${principalId}`),
    });
  }
  return { ...vm.identity, principalId, tenantId };
}
