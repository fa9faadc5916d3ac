import { setTimeout as sleep } from 'node:timers/promises';
import type { Snapshot } from '@azure/arm-compute';
import { AppError } from '../contract/index.ts';
import { computeClient } from './clients.ts';
import { type Connection, pollOptions } from './connection.ts';
import { azureCall, orGone, orNull } from './errors.ts';
import type { AccessGrant, CreateSnapshotRequest, SnapshotInfo } from './model.ts';
import { parseResourceId, sameResource } from './resource-id.ts';

const gib = 1024 ** 3;

/**
 * Makes the incremental snapshot of this id, or finds the one an earlier try made of the same disk, and resolves when
 * it can be read: at once for most disks, after the background copy for Premium SSD v2 and Ultra.
 * `conflict` when another snapshot has the name.
 */
export async function createIncrementalSnapshot(
  connection: Connection,
  request: CreateSnapshotRequest,
  signal: AbortSignal,
): Promise<SnapshotInfo> {
  const id = parseResourceId(request.snapshotId);
  return azureCall(`snapshot ${parseResourceId(request.diskId).name}`, signal, async () => {
    const existing = await getSnapshot(connection, request.snapshotId, signal);
    if (existing && !sameResource(existing.sourceResourceId, request.diskId))
      throw new AppError('conflict', { message: `Another snapshot has the name ${id.name}.` });
    if (!existing) {
      const client = await computeClient(connection, id.subscriptionId);
      await client.snapshots.createOrUpdate(
        id.resourceGroup,
        id.name,
        {
          location: request.region,
          incremental: true,
          creationData: { createOption: 'Copy', sourceResourceId: request.diskId },
          tags: { ...request.tags },
        },
        pollOptions(connection, signal),
      );
    }
    return waitUntilReadable(connection, request.snapshotId, signal);
  });
}

async function waitUntilReadable(
  connection: Connection,
  snapshotId: string,
  signal: AbortSignal,
): Promise<SnapshotInfo> {
  const id = parseResourceId(snapshotId);
  const client = await computeClient(connection, id.subscriptionId);
  for (;;) {
    const snapshot = await client.snapshots.get(id.resourceGroup, id.name, { abortSignal: signal });
    if (snapshot.copyCompletionError)
      throw new AppError('azure-failed', {
        message: `Azure could not complete the snapshot ${id.name}.`,
        hint: 'Run the backup again.',
        retryable: true,
        details: { azureMessage: snapshot.copyCompletionError.errorMessage },
      });
    const done = (snapshot.completionPercent ?? 100) >= 100 && snapshot.provisioningState !== 'Updating';
    if (done) return snapshotInfo(snapshot);
    await sleep(Math.max(connection.options.pollIntervalMs ?? 5000, 200), undefined, { signal });
  }
}

/** Null when there is none. */
export async function getSnapshot(
  connection: Connection,
  snapshotId: string,
  signal: AbortSignal,
): Promise<SnapshotInfo | null> {
  const id = parseResourceId(snapshotId);
  return orNull(
    azureCall(`read snapshot ${id.name}`, signal, async () => {
      const client = await computeClient(connection, id.subscriptionId);
      return snapshotInfo(await client.snapshots.get(id.resourceGroup, id.name, { abortSignal: signal }));
    }),
  );
}

/** Ends its SAS first, as Azure deletes no snapshot that is being read; quiet when it is gone. */
export async function deleteSnapshot(
  connection: Connection,
  snapshotId: string,
  signal: AbortSignal,
): Promise<void> {
  const id = parseResourceId(snapshotId);
  await orGone(
    azureCall(`delete snapshot ${id.name}`, signal, async () => {
      const snapshot = await getSnapshot(connection, snapshotId, signal);
      if (!snapshot) return;
      if (snapshot.state === 'ActiveSAS') await revokeSnapshotAccess(connection, snapshotId, signal);
      const client = await computeClient(connection, id.subscriptionId);
      await client.snapshots.delete(id.resourceGroup, id.name, pollOptions(connection, signal));
    }),
  );
}

export interface SnapshotAccessRequest {
  readonly snapshotId: string;
  readonly durationSeconds: number;
}

/** A read SAS. `conflict` when five snapshots of this disk are already being read, which is Azure's limit. */
export async function grantSnapshotAccess(
  connection: Connection,
  request: SnapshotAccessRequest,
  signal: AbortSignal,
): Promise<AccessGrant> {
  const id = parseResourceId(request.snapshotId);
  return azureCall(`read the data of snapshot ${id.name}`, signal, async () => {
    const client = await computeClient(connection, id.subscriptionId);
    const grant = { access: 'Read', durationInSeconds: request.durationSeconds };
    const expiresAt = Date.now() + request.durationSeconds * 1000;
    const result = await client.snapshots.grantAccess(
      id.resourceGroup,
      id.name,
      grant,
      pollOptions(connection, signal),
    );
    return accessGrant(result.accessSAS, id.name, expiresAt);
  });
}

/** Ends every SAS of the snapshot; quiet when it is gone. */
export async function revokeSnapshotAccess(
  connection: Connection,
  snapshotId: string,
  signal: AbortSignal,
): Promise<void> {
  const id = parseResourceId(snapshotId);
  await orGone(
    azureCall(`end access to snapshot ${id.name}`, signal, async () => {
      const client = await computeClient(connection, id.subscriptionId);
      await client.snapshots.revokeAccess(id.resourceGroup, id.name, pollOptions(connection, signal));
    }),
  );
}

export function accessGrant(sas: string | undefined, name: string, expiresAt: number): AccessGrant {
  if (sas === undefined || sas === '')
    throw new AppError('azure-failed', {
      message: `Azure gave no access address for ${name}.`,
      hint: 'Try again.',
      retryable: true,
    });
  return { sas, expiresAt };
}

function snapshotInfo(snapshot: Snapshot): SnapshotInfo {
  return {
    id: snapshot.id ?? '',
    name: snapshot.name ?? '',
    region: snapshot.location,
    sizeBytes: snapshot.diskSizeBytes ?? (snapshot.diskSizeGB ?? 0) * gib,
    sourceUniqueId: snapshot.creationData?.sourceUniqueId ?? '',
    sourceResourceId: snapshot.creationData?.sourceResourceId ?? '',
    incremental: snapshot.incremental ?? false,
    familyId: snapshot.incrementalSnapshotFamilyId ?? '',
    createdAt: snapshot.timeCreated?.getTime() ?? 0,
    state: snapshot.diskState ?? '',
    tags: { ...snapshot.tags },
  };
}
