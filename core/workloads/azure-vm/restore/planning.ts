import { type Connection, getDisk, listSizes, type SizeInfo } from '../../../azure/index.ts';
import type { RestorePlan } from '../../../contract/index.ts';
import type { PlanRequest } from '../../restore-planning.ts';
import type { PointDocument } from '../document.ts';
import { cachingOf, readText } from '../saved-json.ts';
import type { TargetDisk } from './state.ts';

export type PlanItem = RestorePlan['items'][number];
export type PlanNotice = RestorePlan['notices'][number];

/** What every kind of plan starts from. */
export interface PlanContext {
  readonly request: PlanRequest;
  readonly document: PointDocument;
  readonly connection: Connection;
  readonly signal: AbortSignal;
}

/** A plan for one place; `machine` is added by the kinds that have one. */
export interface Place {
  readonly accountId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly region: string;
  readonly zone: string | null;
}

export function blocking(text: string, hint: string): PlanNotice {
  return { level: 'blocking', text, hint };
}

export function warning(text: string, hint: string): PlanNotice {
  return { level: 'warning', text, hint };
}

export function info(text: string, hint = ''): PlanNotice {
  return { level: 'info', text, hint };
}

/** The new disk for one disk of the point. */
export function targetDisk(
  document: PointDocument,
  index: number,
  made: { readonly targetId: string; readonly sku: string | null },
): TargetDisk | null {
  const disk = document.disks.find((candidate) => candidate.index === index);
  if (!disk) return null;
  return {
    index,
    name: disk.name,
    targetId: made.targetId,
    sizeBytes: disk.sizeBytes,
    sku: made.sku ?? disk.sku,
    os: disk.os ? osOf(document, disk.diskId) : null,
    lun: disk.lun,
    caching: cachingOf(document.configuration.vm, disk.lun),
  };
}

function osOf(document: PointDocument, diskId: string): TargetDisk['os'] {
  const { configuration } = document;
  const saved = configuration.disks.find(
    (disk) => readText(disk, ['id'])?.toLowerCase() === diskId.toLowerCase(),
  );
  const security =
    readText(saved, ['securityProfile', 'securityType']) ??
    readText(configuration.vm, ['securityProfile', 'securityType']);
  return {
    type: configuration.summary.os === 'windows' ? 'windows' : 'linux',
    generation: readText(saved, ['hyperVGeneration']) === 'V2' ? 'V2' : 'V1',
    ...(security === null || security === 'Standard' ? {} : { securityType: security }),
  };
}

/** Blocks when one of the new names is taken. */
export async function takenDisks(context: PlanContext, disks: readonly TargetDisk[]): Promise<PlanNotice[]> {
  const found = await Promise.all(
    disks.map(({ targetId }) => getDisk(context.connection, targetId, context.signal)),
  );
  return found.flatMap((disk) =>
    disk === null
      ? []
      : [blocking(`There is already a disk named ${disk.name}.`, 'Choose another name for the new disk.')],
  );
}

export interface WorkerChoice {
  readonly size: string;
  readonly notices: readonly PlanNotice[];
}

/** The first size a worker can have there; blocks when it can have none. */
export function chooseWorker(context: PlanContext, sizes: readonly SizeInfo[], region: string): WorkerChoice {
  const wanted = context.request.workerSizes;
  const free = wanted.find((name) =>
    sizes.some((size) => sameName(size.name, name) && size.refusal === null),
  );
  if (free !== undefined) return { size: free, notices: [] };
  const reason = sizes.find((size) => sameName(size.name, wanted[0] ?? ''))?.refusal;
  return {
    size: wanted[0] ?? '',
    notices: [
      blocking(
        `No worker can be started in ${region}: ${reason ?? 'none of its sizes is offered there'}.`,
        'Ask Azure for more quota in this region, or choose another region.',
      ),
    ],
  };
}

export function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

export async function sizesOf(context: PlanContext, place: Place): Promise<SizeInfo[]> {
  const { subscriptionId, region, zone } = place;
  return listSizes(context.connection, { subscriptionId, region, zone }, context.signal);
}

export function diskItem(disk: TargetDisk, resourceGroup: string): PlanItem {
  const gib = (disk.sizeBytes / 1024 ** 3).toFixed(disk.sizeBytes < 1024 ** 3 ? 2 : 0);
  return {
    action: 'create',
    type: 'Managed disk',
    name: disk.targetId.split('/').at(-1) ?? '',
    detail: `From ${disk.name}, ${gib} GiB, ${disk.sku}, in ${resourceGroup}`,
  };
}

export function sumOfSizes(disks: readonly TargetDisk[]): number {
  return disks.reduce((sum, disk) => sum + disk.sizeBytes, 0);
}
