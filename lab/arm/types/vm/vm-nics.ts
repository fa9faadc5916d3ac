import type { JsonObject } from '../../../front/index.ts';
import { ArmError, missingParameter, operationNotAllowed } from '../../arm-error.ts';
import { type Call, requireLinked } from '../../call.ts';
import { compact, objectAt, objectsAt, sameText, stringAt } from '../../json-path.ts';
import { type Resource, withProperties } from '../../resource.ts';
import { networkTypes } from '../network/index.ts';
import type { VmSize } from './vm-sizes.ts';

const type = networkTypes.networkInterfaces;

export interface NicPlan {
  /** `properties.networkProfile` as kept and shown. */
  readonly profile: JsonObject;
  readonly nics: readonly Resource[];
}

/** Works out which network interfaces a VM gets; throws as compute does. */
export function planNics(
  call: Call,
  request: {
    readonly vm: Pick<Resource, 'id' | 'location'>;
    readonly sent: JsonObject | undefined;
    readonly size: VmSize;
  },
): NicPlan {
  const { vm, sent, size } = request;
  if (objectsAt(sent, 'networkInterfaceConfigurations').length > 0) {
    throw operationNotAllowed(
      'The lab does not create network interfaces with the VM; create them first and name them in networkInterfaces.',
    );
  }
  const references = objectsAt(sent, 'networkInterfaces');
  if (references.length === 0) throw missingParameter('networkProfile.networkInterfaces');
  if (references.length > size.maxNics) {
    throw operationNotAllowed(
      `The number of network interfaces for virtual machine exceeds the maximum allowed for the virtual machine size ${size.name}: ${size.maxNics}.`,
    );
  }
  const nics = references.map((each) => requireNic(call, vm, stringAt(each, 'id')));
  const networkInterfaces = references.map((each, index) =>
    compact({
      id: nics[index]?.id,
      properties: compact({
        deleteOption: 'Detach',
        ...objectAt(each, 'properties'),
        primary: objectAt(each, 'properties')?.primary ?? (references.length > 1 ? index === 0 : undefined),
      }),
    }),
  );
  return { profile: { networkInterfaces }, nics };
}

function requireNic(call: Call, vm: Pick<Resource, 'id' | 'location'>, id: string | undefined): Resource {
  if (id === undefined) throw missingParameter('networkProfile.networkInterfaces.id');
  requireLinked(call, `${type}/join/action`, id);
  const nic = call.deps.store.get(id);
  if (nic?.type !== type || nic.location !== vm.location) {
    throw new ArmError(
      400,
      'InvalidResourceReference',
      `Resource ${id} referenced by resource ${vm.id} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    );
  }
  const user = stringAt(nic.properties, 'virtualMachine', 'id');
  if (user !== undefined && !sameText(user, vm.id) && call.deps.store.get(user)) {
    throw new ArmError(
      400,
      'NicInUse',
      `Network Interface ${nic.id} is used by existing resource ${user}. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`,
    );
  }
  return nic;
}

const macOf = (vmId: string, index: number): string => {
  const hex = vmId.replaceAll('-', '').slice(0, 4).toUpperCase();
  return `00-0D-3A-${hex.slice(0, 2)}-${hex.slice(2, 4)}-${String(index).padStart(2, '0')}`;
};

/** Marks the interfaces as this VM's. */
export function bindNics(call: Call, vm: Resource, nics: readonly Resource[]): void {
  const { store } = call.deps;
  nics.forEach((nic, index) => {
    const present = store.get(nic.id) ?? nic;
    const macAddress = macOf(String(vm.properties.vmId), index);
    store.put(withProperties(present, { virtualMachine: { id: vm.id }, primary: index === 0, macAddress }));
  });
}

/** Takes the mark away again. */
export function unbindNic(call: Call, id: string): void {
  const { store } = call.deps;
  const nic = store.get(id);
  if (!nic) return;
  const { virtualMachine: _vm, primary: _primary, macAddress: _mac, ...properties } = nic.properties;
  store.put({ ...nic, properties });
}

/** Addresses of the interfaces inside their subnets. */
export const privateAddresses = (nics: readonly Resource[]): readonly string[] =>
  nics
    .flatMap((nic) => objectsAt(nic.properties, 'ipConfigurations'))
    .map((each) => stringAt(each, 'properties', 'privateIPAddress'))
    .filter((each) => each !== undefined);
