import { provisioningStateOf, withProperties } from './resource.ts';
import type { ResourceStore } from './resource-store.ts';
import { diskType, snapshotType, uniqueIdOf } from './types/disk-content.ts';

const underWay = ['Creating', 'Updating', 'Deleting'];

/**
 * Ends what was under way when the lab was killed: its operations are gone, so no poll will ever end them. Disks and
 * snapshots that never got their content vanish, everything else is `Failed` and can be written or deleted again.
 */
export function settleInterrupted(store: ResourceStore, subscriptionIds: readonly string[]): void {
  for (const resource of store.list({})) {
    if (!underWay.includes(provisioningStateOf(resource))) continue;
    const hasContent = uniqueIdOf(resource) !== '';
    if ((resource.type === diskType || resource.type === snapshotType) && !hasContent)
      store.delete(resource.id);
    else store.put(withProperties(resource, { provisioningState: 'Failed' }));
  }
  for (const group of subscriptionIds.flatMap((id) => store.groups(id))) {
    if (group.provisioningState === 'Deleting') store.putGroup({ ...group, provisioningState: 'Succeeded' });
  }
}
