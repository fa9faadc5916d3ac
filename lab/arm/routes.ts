import type { Route } from './call.ts';
import type { ResourceKind } from './resource-kind.ts';
import { pollingRoutes, resourceRoutes } from './resource-routes.ts';
import { allResourcesRoutes } from './types/all-resources.ts';
import { authorizationRoutes } from './types/authorization.ts';
import { disks } from './types/disks.ts';
import {
  networkInterfaces,
  networkSecurityGroups,
  publicIPAddresses,
  virtualNetworks,
} from './types/network/index.ts';
import { resourceGroupRoutes } from './types/resource-groups.ts';
import { snapshots } from './types/snapshots.ts';
import { storageAccounts } from './types/storage-accounts.ts';
import { subscriptionRoutes } from './types/subscriptions.ts';
import { capacityRoutes, virtualMachines } from './types/vm/index.ts';

/** Every type of resource the lab knows. */
export const resourceKinds: readonly ResourceKind[] = [
  virtualMachines,
  disks,
  snapshots,
  networkInterfaces,
  virtualNetworks,
  networkSecurityGroups,
  publicIPAddresses,
  storageAccounts,
];

/** Everything Resource Manager answers to. */
export const armRoutes: readonly Route[] = [
  ...subscriptionRoutes,
  ...resourceGroupRoutes(resourceKinds),
  ...allResourcesRoutes,
  ...resourceKinds.flatMap(resourceRoutes),
  ...capacityRoutes,
  ...authorizationRoutes,
  ...pollingRoutes(resourceKinds),
];
