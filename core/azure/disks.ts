import type { Disk } from '@azure/arm-compute';
import { AppError } from '../contract/index.ts';
import { computeClient } from './clients.ts';
import { type Connection, pollOptions } from './connection.ts';
import { azureCall, orGone, orNull } from './errors.ts';
import type { AccessGrant, CreateUploadDiskRequest, DiskInfo } from './model.ts';
import { parseResourceId } from './resource-id.ts';
import { accessGrant } from './snapshots.ts';

const gib = 1024 ** 3;
const mib = 1024 ** 2;
/** Fixed-VHD footer that follows the last byte of an uploaded disk. */
const footerBytes = 512;

/** Null when there is none. */
export async function getDisk(
  connection: Connection,
  diskId: string,
  signal: AbortSignal,
): Promise<DiskInfo | null> {
  const id = parseResourceId(diskId);
  return orNull(
    azureCall(`read disk ${id.name}`, signal, async () => {
      const client = await computeClient(connection, id.subscriptionId);
      return diskInfo(await client.disks.get(id.resourceGroup, id.name, { abortSignal: signal }));
    }),
  );
}

/**
 * A disk that waits for a direct upload of `sizeBytes` and its footer, or the one that an earlier try made
 * (then look at its `state`). `conflict` when a disk of another size has the name; whole MiB only.
 */
export async function createUploadDisk(
  connection: Connection,
  request: CreateUploadDiskRequest,
  signal: AbortSignal,
): Promise<DiskInfo> {
  const id = parseResourceId(request.diskId);
  if (request.sizeBytes % mib !== 0 || request.sizeBytes < 20 * mib)
    throw new AppError('invalid-input', {
      message: `A managed disk cannot have ${request.sizeBytes} bytes.`,
      hint: 'Azure takes uploads of whole MiB, at least 20.',
      details: { field: 'sizeBytes' },
    });
  return azureCall(`create disk ${id.name}`, signal, async () => {
    const existing = await getDisk(connection, request.diskId, signal);
    if (existing && existing.sizeBytes !== request.sizeBytes)
      throw new AppError('conflict', {
        message: `Another disk has the name ${id.name}.`,
        hint: 'Choose another name.',
      });
    if (existing) return existing;
    const client = await computeClient(connection, id.subscriptionId);
    const made = await client.disks.createOrUpdate(
      id.resourceGroup,
      id.name,
      uploadDisk(request),
      pollOptions(connection, signal),
    );
    return diskInfo(made);
  });
}

function uploadDisk(request: CreateUploadDiskRequest): Disk {
  const { os } = request;
  return {
    location: request.region,
    ...(request.zone === null ? {} : { zones: [request.zone] }),
    sku: { name: request.sku },
    creationData: { createOption: 'Upload', uploadSizeBytes: request.sizeBytes + footerBytes },
    ...(os === null
      ? {}
      : {
          osType: os.type === 'linux' ? 'Linux' : 'Windows',
          hyperVGeneration: os.generation,
          ...(os.securityType === undefined ? {} : { securityProfile: { securityType: os.securityType } }),
        }),
    tags: { ...request.tags },
  };
}

export interface DiskAccessRequest {
  readonly diskId: string;
  readonly durationSeconds: number;
}

/** Write SAS of a disk that waits for its upload. */
export function grantDiskWrite(
  connection: Connection,
  request: DiskAccessRequest,
  signal: AbortSignal,
): Promise<AccessGrant> {
  return grantAccess(connection, request, 'Write', signal);
}

/** Read SAS of a disk that is attached to nothing. */
export function grantDiskRead(
  connection: Connection,
  request: DiskAccessRequest,
  signal: AbortSignal,
): Promise<AccessGrant> {
  return grantAccess(connection, request, 'Read', signal);
}

async function grantAccess(
  connection: Connection,
  request: DiskAccessRequest,
  access: 'Read' | 'Write',
  signal: AbortSignal,
): Promise<AccessGrant> {
  const id = parseResourceId(request.diskId);
  return azureCall(`${access.toLowerCase()} the data of disk ${id.name}`, signal, async () => {
    const client = await computeClient(connection, id.subscriptionId);
    const expiresAt = Date.now() + request.durationSeconds * 1000;
    const result = await client.disks.grantAccess(
      id.resourceGroup,
      id.name,
      { access, durationInSeconds: request.durationSeconds },
      pollOptions(connection, signal),
    );
    return accessGrant(result.accessSAS, id.name, expiresAt);
  });
}

/** Ends every SAS of the disk (an upload is thereby finished); quiet when the disk is gone. */
export async function revokeDiskAccess(
  connection: Connection,
  diskId: string,
  signal: AbortSignal,
): Promise<void> {
  const id = parseResourceId(diskId);
  await orGone(
    azureCall(`end access to disk ${id.name}`, signal, async () => {
      const client = await computeClient(connection, id.subscriptionId);
      await client.disks.revokeAccess(id.resourceGroup, id.name, pollOptions(connection, signal));
    }),
  );
}

/** Ends its SAS first; quiet when it is gone; `conflict` when it is attached. */
export async function deleteDisk(connection: Connection, diskId: string, signal: AbortSignal): Promise<void> {
  const id = parseResourceId(diskId);
  await orGone(
    azureCall(`delete disk ${id.name}`, signal, async () => {
      const disk = await getDisk(connection, diskId, signal);
      if (!disk) return;
      if (disk.state === 'ActiveSAS' || disk.state === 'ActiveUpload')
        await revokeDiskAccess(connection, diskId, signal);
      const client = await computeClient(connection, id.subscriptionId);
      await client.disks.delete(id.resourceGroup, id.name, pollOptions(connection, signal));
    }),
  );
}

function diskInfo(disk: Disk): DiskInfo {
  const upload = disk.creationData?.uploadSizeBytes;
  return {
    id: disk.id ?? '',
    name: disk.name ?? '',
    region: disk.location,
    zone: disk.zones?.[0] ?? null,
    sizeBytes:
      disk.diskSizeBytes ?? (upload === undefined ? (disk.diskSizeGB ?? 0) * gib : upload - footerBytes),
    sku: disk.sku?.name ?? '',
    state: disk.diskState ?? '',
    uniqueId: disk.uniqueId ?? '',
    managedBy: disk.managedBy ?? null,
    tags: { ...disk.tags },
  };
}
