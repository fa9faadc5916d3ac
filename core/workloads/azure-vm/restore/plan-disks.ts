import { getResourceGroup, resourceIdOf } from '../../../azure/index.ts';
import type { RestoreTarget } from '../../../contract/index.ts';
import type { PlannedRestore } from '../../restore-planning.ts';
import {
  blocking,
  chooseWorker,
  diskItem,
  type Place,
  type PlanContext,
  type PlanNotice,
  sizesOf,
  sumOfSizes,
  takenDisks,
  targetDisk,
} from './planning.ts';
import type { RestoreInput, TargetDisk } from './state.ts';

type DisksTarget = Extract<RestoreTarget, { kind: 'disks' }>;

/** Stand-alone disks, attached to nothing. */
export async function planDisks(context: PlanContext, target: DisksTarget): Promise<PlannedRestore> {
  const disks = target.disks.flatMap(({ index, name }) => {
    const made = { targetId: resourceIdOf('disk', target, name), sku: target.sku };
    return targetDisk(context.document, index, made) ?? [];
  });
  const worker = chooseWorker(context, await sizesOf(context, target), target.region);
  const notices = [
    ...missingDisks(context, target),
    ...doubleNames(disks),
    ...(await missingGroup(context, target)),
    ...(await takenDisks(context, disks)),
    ...worker.notices,
  ];
  return {
    items: disks.map((disk) => diskItem(disk, target.resourceGroup)),
    notices,
    diskBytes: sumOfSizes(disks),
    workerRegion: target.region,
    workerSize: worker.size,
    confirmation: null,
    input: disks.length === 0 ? null : inputOf(context, target, disks),
  };
}

/** What the session of any plan has in common. */
export function inputOf(
  context: PlanContext,
  place: Place,
  disks: readonly TargetDisk[],
): Omit<RestoreInput, 'machine'> & { machine: null } {
  const { request } = context;
  return {
    workload: 'azure-vm',
    accountId: place.accountId,
    repositoryId: request.repositoryId,
    pointId: request.pointId,
    verify: request.verify,
    subscriptionId: place.subscriptionId,
    region: place.region,
    zone: place.zone,
    disks: [...disks],
    machine: null,
  };
}

export async function missingGroup(context: PlanContext, place: Place): Promise<PlanNotice[]> {
  if (await getResourceGroup(context.connection, place, context.signal)) return [];
  return [
    blocking(
      `There is no resource group named ${place.resourceGroup} in this subscription.`,
      'Choose a resource group that exists, or create it first.',
    ),
  ];
}

function missingDisks(context: PlanContext, target: DisksTarget): PlanNotice[] {
  return target.disks
    .filter(({ index }) => !context.document.disks.some((disk) => disk.index === index))
    .map(({ index }) =>
      blocking(`The restore point has no disk number ${index}.`, 'Choose disks that the restore point has.'),
    );
}

function doubleNames(disks: readonly TargetDisk[]): PlanNotice[] {
  const ids = disks.map(({ targetId }) => targetId.toLowerCase());
  return new Set(ids).size === ids.length
    ? []
    : [blocking('Two of the new disks have the same name.', 'Give every new disk a name of its own.')];
}
