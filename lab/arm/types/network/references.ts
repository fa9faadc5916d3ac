import { ArmError } from '../../arm-error.ts';
import { type Call, requireLinked } from '../../call.ts';
import { objectsAt, sameText, stringAt } from '../../json-path.ts';
import { parseResourceId, type Resource } from '../../resource.ts';

export const networkTypes = {
  networkInterfaces: 'Microsoft.Network/networkInterfaces',
  virtualNetworks: 'Microsoft.Network/virtualNetworks',
  networkSecurityGroups: 'Microsoft.Network/networkSecurityGroups',
  publicIPAddresses: 'Microsoft.Network/publicIPAddresses',
} as const;

export interface Reference {
  /** As sent. */
  readonly id: string;
  readonly type: string;
  /** Permission the caller needs on the other resource. */
  readonly action: string;
  readonly location: string;
  /** Who refers to it. */
  readonly from: string;
}

/** The resource that a network resource refers to; throws as the network provider does. */
export function requireReference(call: Call, reference: Reference): Resource {
  const parsed = parseResourceId(reference.id);
  if (!parsed || !sameText(parsed.type, reference.type)) {
    throw new ArmError(
      400,
      'InvalidResourceReference',
      `Resource reference '${reference.id}' is not an id of type '${reference.type}'.`,
    );
  }
  requireLinked(call, reference.action, reference.id);
  const own = reference.id.split('/').slice(0, 9).join('/');
  const found = call.deps.store.get(own);
  if (!found || found.location !== reference.location || !hasChild(found, parsed.child?.name)) {
    throw new ArmError(
      400,
      'InvalidResourceReference',
      `Resource ${reference.id} referenced by resource ${reference.from} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    );
  }
  return found;
}

const hasChild = (network: Resource, subnet: string | undefined): boolean =>
  subnet === undefined ||
  objectsAt(network.properties, 'subnets').some((each) => sameText(stringAt(each, 'name'), subnet));

/** IP configurations of all NICs, each with the id it has. */
export function ipConfigurations(
  call: Call,
): readonly { readonly id: string; readonly nic: Resource; readonly properties: unknown }[] {
  return call.deps.store.list({ type: networkTypes.networkInterfaces }).flatMap((nic) =>
    objectsAt(nic.properties, 'ipConfigurations').map((each) => ({
      id: `${nic.id}/ipConfigurations/${stringAt(each, 'name')}`,
      nic,
      properties: each.properties,
    })),
  );
}

/** NICs and subnets that name this security group. */
export function usersOfSecurityGroup(
  call: Call,
  id: string,
): { nics: readonly string[]; subnets: readonly string[] } {
  const { store } = call.deps;
  const nics = store
    .list({ type: networkTypes.networkInterfaces })
    .filter((nic) => sameText(stringAt(nic.properties, 'networkSecurityGroup', 'id'), id))
    .map((nic) => nic.id);
  const subnets = store.list({ type: networkTypes.virtualNetworks }).flatMap((network) =>
    objectsAt(network.properties, 'subnets')
      .filter((subnet) => sameText(stringAt(subnet, 'properties', 'networkSecurityGroup', 'id'), id))
      .map((subnet) => `${network.id}/subnets/${stringAt(subnet, 'name')}`),
  );
  return { nics, subnets };
}
