import { createHash } from 'node:crypto';
import type { FrontDoor } from '../../../front/index.ts';
import type { PrincipalSeed } from '../../../ports.ts';
import { sameText, stringAt } from '../../json-path.ts';
import { parseResourceId, type Resource } from '../../resource.ts';
import type { ResourceStore } from '../../resource-store.ts';

/** One instance metadata service per VM, opened when the VM first needs it. */
export interface MetadataServices {
  /** The address of this VM's service. */
  endpointOf(vm: Resource): Promise<string>;
  forget(vmId: string): Promise<void>;
  close(): Promise<void>;
}

export interface MetadataDeps {
  readonly store: ResourceStore;
  readonly principal: (objectId: string) => PrincipalSeed | undefined;
  readonly open: (source: {
    identities: () => readonly PrincipalSeed[];
    compute: () => Readonly<Record<string, string>>;
  }) => Promise<FrontDoor>;
}

export function createMetadataServices(deps: MetadataDeps): MetadataServices {
  const doors = new Map<string, Promise<FrontDoor>>();
  return {
    async endpointOf(vm) {
      const vmId = String(vm.properties.vmId);
      const present = (): Resource => deps.store.get(vm.id) ?? vm;
      const door =
        doors.get(vmId) ??
        deps.open({
          identities: () => identitiesOf(deps, present()),
          compute: () => instanceOf(present()),
        });
      doors.set(vmId, door);
      return (await door).origin;
    },
    async forget(vmId) {
      const door = doors.get(vmId);
      doors.delete(vmId);
      await (await door)?.close();
    },
    async close() {
      const open = [...doors.values()];
      doors.clear();
      await Promise.all(open.map(async (door) => (await door).close()));
    },
  };
}

function identitiesOf(deps: MetadataDeps, vm: Resource): readonly PrincipalSeed[] {
  const own = stringAt(vm.identity, 'principalId');
  const assigned = Object.values((vm.identity?.userAssignedIdentities ?? {}) as Record<string, unknown>);
  return [own, ...assigned.map((each) => stringAt(each, 'principalId'))]
    .map((objectId) => (objectId === undefined ? undefined : deps.principal(objectId)))
    .filter((each) => each !== undefined);
}

function instanceOf(vm: Resource): Readonly<Record<string, string>> {
  const id = parseResourceId(vm.id);
  const tags = Object.entries(vm.tags ?? {}).map(([name, value]) => `${name}:${value}`);
  return {
    azEnvironment: 'AzurePublicCloud',
    location: vm.location,
    name: vm.name,
    osType: stringAt(vm.properties, 'storageProfile', 'osDisk', 'osType') ?? 'Linux',
    resourceGroupName: id?.group ?? '',
    resourceId: vm.id,
    subscriptionId: id?.subscriptionId ?? '',
    tags: tags.join(';'),
    userData: stringAt(vm.hidden, 'userData') ?? '',
    vmId: String(vm.properties.vmId),
    vmSize: stringAt(vm.properties, 'hardwareProfile', 'vmSize') ?? '',
    zone: vm.zones?.[0] ?? '',
  };
}

/** A GUID that follows from a text, for identities that must stay the same over restarts. */
export function stableGuid(text: string): string {
  const hex = createHash('sha256').update(text.toLowerCase()).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** True when the identity block asks for a system-assigned identity. */
export const wantsOwnIdentity = (identity: unknown): boolean =>
  (stringAt(identity, 'type') ?? '').split(/,\s*/).some((each) => sameText(each, 'SystemAssigned'));
