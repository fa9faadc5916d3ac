import { AppError } from '../contract/index.ts';

/** The parts of an Azure resource id of a top-level resource or its child (`.../virtualNetworks/v/subnets/s`). */
export interface ResourceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** For example `Microsoft.Compute/disks`, or `Microsoft.Network/virtualNetworks/subnets`. */
  readonly type: string;
  readonly name: string;
  /** Name of the enclosing resource, for a child. */
  readonly parent: string | null;
}

const shape =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/([^/]+)\/([^/]+)(?:\/([^/]+)\/([^/]+))?$/i;

/** Throws `invalid-input` for anything that is not a resource id inside a resource group. */
export function parseResourceId(id: string): ResourceId {
  const match = shape.exec(id);
  if (!match) {
    throw new AppError('invalid-input', {
      message: `"${id.slice(0, 200)}" is not an Azure resource id.`,
      details: { field: 'resourceId' },
    });
  }
  const [, subscriptionId = '', resourceGroup = '', provider = '', type = '', name = '', childType, child] =
    match;
  return {
    subscriptionId,
    resourceGroup,
    type: childType === undefined ? `${provider}/${type}` : `${provider}/${type}/${childType}`,
    name: child ?? name,
    parent: child === undefined ? null : name,
  };
}

const types = {
  disk: 'Microsoft.Compute/disks',
  snapshot: 'Microsoft.Compute/snapshots',
  vm: 'Microsoft.Compute/virtualMachines',
  nic: 'Microsoft.Network/networkInterfaces',
  publicIp: 'Microsoft.Network/publicIPAddresses',
  network: 'Microsoft.Network/virtualNetworks',
  securityGroup: 'Microsoft.Network/networkSecurityGroups',
  storageAccount: 'Microsoft.Storage/storageAccounts',
} as const;
export type ResourceNoun = keyof typeof types;

export interface ResourceGroupPlace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
}

/** The id that a resource of this name has, or will have. */
export function resourceIdOf(noun: ResourceNoun, place: ResourceGroupPlace, name: string): string {
  return `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}/providers/${types[noun]}/${name}`;
}

/** Azure compares ids without case. */
export function sameResource(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
