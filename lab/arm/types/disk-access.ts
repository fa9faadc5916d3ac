import type { Json, JsonObject } from '../../front/index.ts';
import type { ArmError } from '../arm-error.ts';
import { invalidParameter, missingParameter, operationNotAllowed } from '../arm-error.ts';
import type { Call, Route } from '../call.ts';
import { numberAt, sameText, stringAt } from '../json-path.ts';
import type { Resource } from '../resource.ts';
import type { ResourceKind } from '../resource-kind.ts';
import { actionRoute, oneOf } from '../resource-routes.ts';
import { diskType, snapshotType, uniqueIdOf } from './disk-content.ts';
import { isVmRunning } from './vm/vm-power.ts';

/** SAS life is capped at 60 days. */
const maxDurationSeconds = 60 * 86_400;
/** Azure docs, "incremental snapshots": snapshots of one family with a SAS at the same time. */
const maxSharedInFamily = 5;

type Base = Pick<ResourceKind, 'type' | 'nameParameter' | 'apiVersions'>;

/** `beginGetAccess` and `endGetAccess` of disks and snapshots. */
export function accessRoutes(kind: () => ResourceKind, base: Base): readonly Route[] {
  return [
    actionRoute(kind, 'beginGetAccess', beginGetAccess, base),
    actionRoute(kind, 'endGetAccess', endGetAccess, base),
  ];
}

/** What diskState says about a resource that nobody has attached. */
export function stateOf(call: Call, resource: Resource): string {
  if (resource.hidden.upload === 'ready') return 'ReadyToUpload';
  if (resource.hidden.upload === 'active') return 'ActiveUpload';
  if (resource.managedBy !== undefined) {
    const vm = call.deps.store.get(resource.managedBy);
    return vm && isVmRunning(call.deps, vm) ? 'Attached' : 'Reserved';
  }
  return call.deps.disks.activeAccess(uniqueIdOf(resource)) ? 'ActiveSAS' : 'Unattached';
}

function beginGetAccess(
  call: Call,
  resource: Resource,
): { work: (signal: AbortSignal) => Promise<JsonObject> } {
  const access = oneOf(stringAt(call.body, 'access'), ['None', 'Read', 'Write'], 'access');
  const duration = numberAt(call.body, 'durationInSeconds');
  if (duration === undefined) throw missingParameter('durationInSeconds');
  if (!Number.isInteger(duration) || duration < 1 || duration > maxDurationSeconds) {
    throw invalidParameter(
      'durationInSeconds',
      `The value '${duration}' of parameter 'durationInSeconds' is invalid. It must be between 1 and ${maxDurationSeconds}.`,
    );
  }
  if (access === 'None')
    throw invalidParameter('access', "The value 'None' of parameter 'access' is invalid.");
  const format = stringAt(call.body, 'fileFormat');
  if (format !== undefined && !sameText(format, 'VHD')) {
    throw invalidParameter(
      'fileFormat',
      `The file format '${format}' is not supported for disks with a logical sector size of 512 bytes.`,
    );
  }
  const level = access === 'Write' ? 'Write' : 'Read';
  if (level === 'Write') checkWritable(resource);
  else checkReadable(call, resource);
  return { work: (signal) => grant(call, { resource, level, duration }, signal) };
}

function checkWritable(resource: Resource): void {
  if (resource.hidden.upload === undefined) {
    throw operationNotAllowed(
      `Write access can only be granted to a disk in state 'ReadyToUpload' or 'ActiveUpload'; '${resource.name}' is not.`,
    );
  }
}

function checkReadable(call: Call, resource: Resource): void {
  if (resource.hidden.upload !== undefined) {
    throw operationNotAllowed(
      `Disk '${resource.name}' is in state '${stateOf(call, resource)}'; read access cannot be granted before its upload is finished.`,
    );
  }
  if (resource.managedBy !== undefined && stateOf(call, resource) === 'Attached') {
    throw operationNotAllowed(
      `Cannot perform operation 'BeginGetAccess' since disk '${resource.name}' is attached to running VM '${resource.managedBy}'.`,
    );
  }
  if (sameText(stringAt(resource.properties, 'networkAccessPolicy'), 'DenyAll')) {
    throw operationNotAllowed(
      `Access to '${resource.name}' is denied by its network access policy 'DenyAll'.`,
    );
  }
  checkFamily(call, resource);
}

/** Counts what is shared and what is about to be: several grants may be under way at once. */
function checkFamily(call: Call, resource: Resource): void {
  const family = resource.properties.incrementalSnapshotFamilyId;
  const { store, disks, operations } = call.deps;
  if (resource.type !== snapshotType || family === undefined) return;
  const granting = operations.runningOn('snapshots/beginGetAccess/action');
  const shared = store
    .list({ type: snapshotType })
    .filter((each) => each.id !== resource.id && each.properties.incrementalSnapshotFamilyId === family)
    .filter((each) => disks.activeAccess(uniqueIdOf(each)) ?? granting.has(each.id.toLowerCase()));
  if (shared.length < maxSharedInFamily) return;
  throw tooManyShared(resource);
}

const tooManyShared = (resource: Resource): ArmError =>
  operationNotAllowed(
    `Only ${maxSharedInFamily} incremental snapshots of the same family can have an active shared access signature at the same time; '${resource.name}' would be one more. Call EndGetAccess on another one first.`,
  );

async function grant(
  call: Call,
  { resource, level, duration }: { resource: Resource; level: 'Read' | 'Write'; duration: number },
  signal: AbortSignal,
): Promise<JsonObject> {
  const { disks, store } = call.deps;
  const { accessSas } = await disks.grantAccess(
    uniqueIdOf(resource),
    { access: level, durationInSeconds: duration },
    signal,
  );
  if (level === 'Write') setUpload(store.get(resource.id), 'active', call);
  return { accessSAS: accessSas };
}

function setUpload(resource: Resource | undefined, upload: Json, call: Call): void {
  if (resource) call.deps.store.put({ ...resource, hidden: { ...resource.hidden, upload } });
}

function endGetAccess(call: Call, resource: Resource): { work: (signal: AbortSignal) => Promise<undefined> } {
  return {
    work: async (signal) => {
      await call.deps.disks.revokeAccess(uniqueIdOf(resource), signal);
      const present = call.deps.store.get(resource.id);
      if (present?.hidden.upload === 'active') setUpload(present, undefined, call);
      return undefined;
    },
  };
}

/** A disk or snapshot cannot go while someone may be reading it. */
export function checkNoAccess(call: Call, resource: Resource): void {
  if (!call.deps.disks.activeAccess(uniqueIdOf(resource))) return;
  const word = resource.type === diskType ? 'disk' : 'snapshot';
  throw operationNotAllowed(
    `There is an active shared access signature outstanding for ${word} ${resource.name}. Call EndGetAccess before deleting the ${word}.`,
  );
}
