import type { Route } from './call.ts';
import type { ResourceKind } from './resource-kind.ts';
import { pollingRoutes, resourceRoutes } from './resource-routes.ts';
import { disks } from './types/disks.ts';
import { resourceGroupRoutes } from './types/resource-groups.ts';
import { snapshots } from './types/snapshots.ts';
import { storageAccounts } from './types/storage-accounts.ts';
import { subscriptionRoutes } from './types/subscriptions.ts';

/** Every type of resource the lab knows. */
export const resourceKinds: readonly ResourceKind[] = [disks, snapshots, storageAccounts];

/** Everything Resource Manager answers to. */
export const armRoutes: readonly Route[] = [
  ...subscriptionRoutes,
  ...resourceGroupRoutes(resourceKinds),
  ...resourceKinds.flatMap(resourceRoutes),
  ...pollingRoutes(resourceKinds),
];
