import type { Json, JsonObject } from '../../front/index.ts';
import type { DiskSource } from '../../ports.ts';
import { apiVersions } from '../api-versions.ts';
import { invalidParameter, missingParameter, operationNotAllowed } from '../arm-error.ts';
import type { Call } from '../call.ts';
import { compact, numberAt, objectAt, sameText, stringAt } from '../json-path.ts';
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
  diskSkus,
  diskType,
  gibibyte,
  inherited,
  sizeBytesOf,
  sizeGbOf,
  snapshotType,
  sourceOf,
  uniqueIdOf,
  uploadSizeOf,
} from './disk-content.ts';

const base = { type: diskType, nameParameter: 'diskName', apiVersions: apiVersions.disks };

export const disks: ResourceKind = {
  ...base,
  namePattern: /^[A-Za-z0-9_][\w.-]{0,78}\w?$/,
  dialect: computeDisk(diskOperations(apiVersions.disks)),
  write: (call, target) => (target.existing ? updateDisk(call, target.existing) : createDisk(call, target)),
  patch: updateDisk,
  remove: removeDisk,
  shownProperties: (call, disk) => ({ ...disk.properties, diskState: stateOf(call, disk) }),
  extraRoutes: accessRoutes(() => disks, base),
};

interface Start {
  readonly source: DiskSource;
  readonly sizeBytes: number;
  readonly from: Resource | undefined;
  readonly upload?: 'ready';
}

/** What the new disk is made of, by its create option. */
function startOf(call: Call, location: string): Start {
  if (!objectAt(call.body, 'properties', 'creationData')) throw missingParameter('disk.creationData');
  const option = oneOf(
    stringAt(call.body, 'properties', 'creationData', 'createOption'),
    ['Empty', 'Copy', 'Upload'],
    'disk.creationData.createOption',
  );
  const sizeGb = sizeGbOf(call.body);
  if (option === 'Upload') {
    if (sizeGb !== undefined) {
      throw invalidParameter(
        'disk.diskSizeGB',
        'diskSizeGB cannot be set when creationData.createOption is Upload.',
      );
    }
    return {
      source: { kind: 'upload' },
      sizeBytes: uploadSizeOf(call.body),
      from: undefined,
      upload: 'ready',
    };
  }
  if (option === 'Empty') {
    if (sizeGb === undefined) throw missingParameter('disk.diskSizeGB');
    return { source: { kind: 'empty' }, sizeBytes: sizeGb * gibibyte, from: undefined };
  }
  const from = sourceOf(call, location, [diskType, snapshotType]);
  const sizeBytes = sizeGb === undefined ? sizeBytesOf(from) : sizeGb * gibibyte;
  if (sizeBytes < sizeBytesOf(from)) {
    throw invalidParameter(
      'disk.diskSizeGB',
      `The disk size ${sizeGb} GB must not be smaller than that of its source.`,
    );
  }
  return { source: { kind: 'copy', sourceUniqueId: uniqueIdOf(from) }, sizeBytes, from };
}

function createDisk(call: Call, target: WriteTarget): Write {
  const start = startOf(call, target.location);
  const resource = newDisk(call, target, start);
  const { disks: plane } = call.deps;
  let made: string | undefined;
  return {
    resource,
    onFailure: 'remove',
    work: async (signal) => {
      const { sizeBytes, source } = start;
      made = (await plane.createDisk({ sizeBytes, source }, signal)).uniqueId;
      return withProperties(resource, { uniqueId: made });
    },
    undo: async () => {
      if (made !== undefined) await plane.delete(made, new AbortController().signal);
    },
  };
}

function newDisk(call: Call, target: WriteTarget, { from, sizeBytes, upload }: Start): Resource {
  const sent = objectAt(call.body, 'properties') ?? {};
  const sku = oneOf(stringAt(call.body, 'sku', 'name') ?? 'Standard_LRS', diskSkus, 'sku.name');
  const zones = call.body.zones as readonly string[] | undefined;
  if (zones?.length && sku.endsWith('_ZRS')) {
    throw invalidParameter(
      'zones',
      `Disks of type '${sku}' are zone-redundant and cannot be put into one zone.`,
    );
  }
  const creationData = {
    ...(sent.creationData as JsonObject),
    ...(from ? { sourceUniqueId: uniqueIdOf(from) } : {}),
  };
  return {
    id: target.id,
    name: target.name,
    type: diskType,
    location: target.location,
    tags: tagsOf(call.body),
    zones,
    sku: { name: sku, tier: sku.split('_')[0] ?? '' },
    etag: '',
    properties: compact({
      networkAccessPolicy: 'AllowAll',
      publicNetworkAccess: 'Enabled',
      encryption: { type: 'EncryptionAtRestWithPlatformKey' },
      dataAccessAuthMode: undefined,
      ...inherited(from),
      ...sent,
      creationData,
      diskSizeGB: Math.ceil(sizeBytes / gibibyte),
      diskSizeBytes: sizeBytes,
      timeCreated: new Date(call.deps.now()).toISOString(),
      ...performanceOf(sku, sizeBytes),
    }),
    hidden: upload ? { upload } : {},
  };
}

/** IOPS and throughput as Azure gives Standard HDD and Premium SSD of that size, roughly by tier. */
function performanceOf(sku: string, sizeBytes: number): JsonObject {
  if (!sku.startsWith('Premium')) return { diskIOPSReadWrite: 500, diskMBpsReadWrite: 60 };
  const sizeGb = sizeBytes / gibibyte;
  const tiers: readonly (readonly [number, string, number, number])[] = [
    [4, 'P1', 120, 25],
    [8, 'P2', 120, 25],
    [16, 'P3', 120, 25],
    [32, 'P4', 120, 25],
    [64, 'P6', 240, 50],
    [128, 'P10', 500, 100],
    [256, 'P15', 1100, 125],
    [512, 'P20', 2300, 150],
    [1024, 'P30', 5000, 200],
  ];
  const [, tier, iops, throughput] = tiers.find(([size]) => sizeGb <= size) ?? [0, 'P40', 7500, 250];
  return { diskIOPSReadWrite: iops, diskMBpsReadWrite: throughput, tier };
}

const changeable = [
  'osType',
  'hyperVGeneration',
  'networkAccessPolicy',
  'publicNetworkAccess',
  'diskAccessId',
  'encryption',
  'tier',
  'burstingEnabled',
  'dataAccessAuthMode',
  'maxShares',
  'purchasePlan',
  'supportedCapabilities',
  'supportsHibernation',
];

function updateDisk(call: Call, existing: Resource): Write {
  checkSameCreationData(call, existing);
  const sent = objectAt(call.body, 'properties') ?? {};
  const changes = Object.fromEntries(Object.entries(sent).filter(([name]) => changeable.includes(name)));
  const skuName = stringAt(call.body, 'sku', 'name');
  const sku =
    skuName === undefined
      ? existing.sku
      : { name: oneOf(skuName, diskSkus, 'sku.name'), tier: skuName.split('_')[0] ?? '' };
  if (
    existing.managedBy !== undefined &&
    skuName !== undefined &&
    !sameText(skuName, stringAt(existing.sku, 'name')) &&
    stateOf(call, existing) === 'Attached'
  ) {
    throw operationNotAllowed(
      `Cannot change the SKU of disk '${existing.name}' while it is attached to running VM '${existing.managedBy}'.`,
    );
  }
  const resource = { ...withProperties(existing, changes), tags: tagsOf(call.body) ?? existing.tags, sku };
  const size = newSizeOf(call, existing);
  return {
    resource,
    work: async (signal) => (size === undefined ? resource : resize(call, { resource, size }, signal)),
  };
}

/** The bytes of a resize, or undefined when the size stays. */
function newSizeOf(call: Call, existing: Resource): number | undefined {
  sizeGbOf(call.body);
  const wanted = numberAt(call.body, 'properties', 'diskSizeGB');
  const present = Number(existing.properties.diskSizeGB);
  if (wanted === undefined || wanted === present) return undefined;
  if (wanted < present) {
    throw invalidParameter(
      'disk.diskSizeGB',
      `The disk size ${wanted} GB of disk '${existing.name}' is smaller than its present size ${present} GB; disks can only grow.`,
    );
  }
  if (existing.hidden.upload !== undefined || stateOf(call, existing) === 'Attached') {
    throw operationNotAllowed(
      `Cannot resize disk '${existing.name}' in state '${stateOf(call, existing)}'. Deallocate the VM or detach the disk first.`,
    );
  }
  return wanted * gibibyte;
}

async function resize(
  call: Call,
  { resource, size }: { resource: Resource; size: number },
  signal: AbortSignal,
): Promise<Resource> {
  await call.deps.disks.resize(uniqueIdOf(resource), size, signal);
  const grown: Record<string, Json> = { diskSizeBytes: size, diskSizeGB: size / gibibyte };
  return withProperties(resource, grown);
}

function removeDisk(call: Call, disk: Resource): Removal {
  if (disk.managedBy !== undefined) {
    throw operationNotAllowed(`Disk ${disk.name} is attached to VM ${disk.managedBy}.`);
  }
  checkNoAccess(call, disk);
  return { work: (signal) => call.deps.disks.delete(uniqueIdOf(disk), signal) };
}
