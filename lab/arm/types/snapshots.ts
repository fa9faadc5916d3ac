import type { JsonObject } from '../../front/index.ts';
import { apiVersions } from '../api-versions.ts';
import { ArmError, missingParameter, operationNotAllowed } from '../arm-error.ts';
import type { Call } from '../call.ts';
import { compact, objectAt, sameText, stringAt } from '../json-path.ts';
import { diskOperations } from '../long-running.ts';
import { type Resource, withProperties } from '../resource.ts';
import {
  computeDisk,
  type Removal,
  type ResourceKind,
  type Write,
  type WriteTarget,
} from '../resource-kind.ts';
import { oneOf } from '../resource-routes.ts';
import { tagsOf } from '../tags.ts';
import { accessRoutes, checkNoAccess, stateOf } from './disk-access.ts';
import {
  checkSameCreationData,
  diskType,
  gibibyte,
  inherited,
  sizeBytesOf,
  snapshotSkus,
  snapshotType,
  sourceOf,
  uniqueIdOf,
} from './disk-content.ts';

const base = { type: snapshotType, nameParameter: 'snapshotName', apiVersions: apiVersions.disks };
/** Azure docs, "incremental snapshots". */
const maxPerDisk = 500;
const maxInWindow = 7;
const windowMs = 5 * 60_000;

export const snapshots: ResourceKind = {
  ...base,
  namePattern: /^[A-Za-z0-9_][\w.-]{0,78}\w?$/,
  dialect: computeDisk(diskOperations(apiVersions.disks)),
  write: (call, target) =>
    target.existing ? updateSnapshot(call, target.existing) : createSnapshot(call, target),
  patch: updateSnapshot,
  remove: removeSnapshot,
  shownProperties: (call, snapshot) => ({ ...snapshot.properties, diskState: stateOf(call, snapshot) }),
  extraRoutes: accessRoutes(() => snapshots, base),
};

/** Incremental snapshots of the disk that `source` is or belongs to. */
function familyOf(call: Call, source: Resource): readonly Resource[] {
  const disk = diskIdentityOf(source);
  return call.deps.store
    .list({ type: snapshotType })
    .filter((each) => each.properties.incremental === true && diskIdentityOf(each) === disk);
}

/** The unique id of the disk behind a disk or a snapshot of it. */
function diskIdentityOf(source: Resource): string {
  if (source.type === diskType) return uniqueIdOf(source);
  return stringAt(source.hidden, 'diskUniqueId') ?? '';
}

function checkLimits(call: Call, source: Resource): void {
  if (familyOf(call, source).length >= maxPerDisk) {
    throw operationNotAllowed(
      `The maximum number of ${maxPerDisk} incremental snapshots of disk '${source.name}' has been reached. Delete older ones first.`,
    );
  }
  const { store, now } = call.deps;
  if (store.snapshotsSince(diskIdentityOf(source), now() - windowMs) >= maxInWindow) {
    throw new ArmError(
      429,
      'TooManyRequests',
      `At most ${maxInWindow} incremental snapshots of the same disk can be created in 5 minutes. Try again later.`,
      { headers: { 'retry-after': '60' } },
    );
  }
}

function createSnapshot(call: Call, target: WriteTarget): Write {
  if (!objectAt(call.body, 'properties', 'creationData')) throw missingParameter('snapshot.creationData');
  oneOf(
    stringAt(call.body, 'properties', 'creationData', 'createOption'),
    ['Copy'],
    'snapshot.creationData.createOption',
  );
  const source = sourceOf(call, target.location, [diskType, snapshotType]);
  const incremental = objectAt(call.body, 'properties')?.incremental === true;
  if (incremental) {
    if (source.type === snapshotType && source.properties.incremental !== true) {
      throw operationNotAllowed('An incremental snapshot cannot be created from a full snapshot.');
    }
    checkLimits(call, source);
    call.deps.store.noteSnapshot(diskIdentityOf(source), call.deps.now());
  }
  const resource = newSnapshot(call, target, { source, incremental });
  const { disks: plane } = call.deps;
  let made: string | undefined;
  return {
    resource,
    onFailure: 'remove',
    work: async (signal) => {
      const content = await plane.createSnapshot({ sourceUniqueId: uniqueIdOf(source), incremental }, signal);
      made = content.uniqueId;
      const family = content.familyId === undefined ? {} : { incrementalSnapshotFamilyId: content.familyId };
      return withProperties(resource, { uniqueId: made, diskSizeBytes: content.sizeBytes, ...family });
    },
    undo: async () => {
      if (made !== undefined) await plane.delete(made, new AbortController().signal);
    },
  };
}

function newSnapshot(
  call: Call,
  target: WriteTarget,
  { source, incremental }: { source: Resource; incremental: boolean },
): Resource {
  const sent = objectAt(call.body, 'properties') ?? {};
  const zonal =
    (call.deps.facts.locations.find((each) => each.name === target.location)?.zones.length ?? 0) > 0;
  const fallback = incremental && zonal ? 'Standard_ZRS' : 'Standard_LRS';
  const sku = oneOf(stringAt(call.body, 'sku', 'name') ?? fallback, snapshotSkus, 'sku.name');
  const sizeBytes = sizeBytesOf(source);
  return {
    id: target.id,
    name: target.name,
    type: snapshotType,
    location: target.location,
    tags: tagsOf(call.body),
    sku: { name: sku, tier: sku.split('_')[0] ?? '' },
    etag: '',
    properties: compact({
      networkAccessPolicy: 'AllowAll',
      publicNetworkAccess: 'Enabled',
      encryption: { type: 'EncryptionAtRestWithPlatformKey' },
      ...inherited(source),
      ...sent,
      creationData: { ...(sent.creationData as JsonObject), sourceUniqueId: uniqueIdOf(source) },
      incremental,
      diskSizeGB: Math.ceil(sizeBytes / gibibyte),
      diskSizeBytes: sizeBytes,
      completionPercent: 100,
      timeCreated: new Date(call.deps.now()).toISOString(),
    }),
    hidden: { diskUniqueId: diskIdentityOf(source) },
  };
}

const changeable = [
  'networkAccessPolicy',
  'publicNetworkAccess',
  'diskAccessId',
  'osType',
  'encryption',
  'dataAccessAuthMode',
  'supportsHibernation',
];

function updateSnapshot(call: Call, existing: Resource): Write {
  checkSameCreationData(call, existing);
  const sent = objectAt(call.body, 'properties') ?? {};
  if (
    sent.incremental !== undefined &&
    !sameText(String(sent.incremental), String(existing.properties.incremental))
  ) {
    throw new ArmError(409, 'PropertyChangeNotAllowed', "Changing property 'incremental' is not allowed.", {
      target: 'incremental',
    });
  }
  const changes = Object.fromEntries(Object.entries(sent).filter(([name]) => changeable.includes(name)));
  const resource = { ...withProperties(existing, changes), tags: tagsOf(call.body) ?? existing.tags };
  return { resource, work: async () => resource };
}

function removeSnapshot(call: Call, snapshot: Resource): Removal {
  checkNoAccess(call, snapshot);
  return { work: (signal) => call.deps.disks.delete(uniqueIdOf(snapshot), signal) };
}
