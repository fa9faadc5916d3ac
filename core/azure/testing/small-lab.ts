import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import {
  callers,
  groupId,
  groupName,
  location,
  smallEstate,
  subscriptionId,
  tenantId,
} from '../../../lab/arm/testing/small-estate.ts';
import { type ControlPlane, prepareControlPlane } from '../../../lab/control/index.ts';
import { type LabDiskPlane, openDiskPlane } from '../../../lab/disks/index.ts';
import { type LabKeyVault, openKeyVault } from '../../../lab/keyvault/index.ts';
import type { PrincipalSeed } from '../../../lab/ports.ts';
import { type LabStoragePlane, openStoragePlane } from '../../../lab/storage/index.ts';
import { createLabAuthority } from '../../../lab/tls/index.ts';
import { type LabVmPlane, openVmPlane } from '../../../lab/vm/index.ts';
import type { CloudEndpoints } from '../../host.ts';
import { type Connection, connectWithSecret } from '../index.ts';

/** One subscription with one machine, its empty 4 GiB disk, a network and a storage account. */
export interface SmallLab {
  readonly cloud: CloudEndpoints;
  readonly control: ControlPlane;
  readonly disks: LabDiskPlane;
  readonly storage: LabStoragePlane;
  readonly vms: LabVmPlane;
  /** One vault; the administrator may make keys in it. */
  readonly keyVault: LabKeyVault;
  connection(caller?: keyof typeof callers): Connection;
  readonly defects: unknown[];
  /** Fills areas of a disk as its guest would: with bytes that do not compress; value 0 clears. */
  fillDisk(uniqueId: string, areas: readonly DiskFill[]): Promise<void>;
  /** One hash over every byte that is not zero and its place. */
  diskHash(uniqueId: string): Promise<string>;
  close(): Promise<void>;
}

export interface DiskFill {
  readonly offset: number;
  readonly length: number;
  readonly value: number;
}

export const smallEstateNames = { groupId, groupName, location, subscriptionId, tenantId };

/** A person who signs in by device code and may look. */
export const smallLabUser: PrincipalSeed = {
  objectId: 'cccccccc-0000-4000-8000-0000000000aa',
  tenantId,
  kind: 'User',
  displayName: 'Robin Meyer',
  userPrincipalName: 'robin@contoso.example',
  password: 'not-a-secret',
};

/** Owners may not touch data: the estate's administrator gets the role a repository needs. */
const adminObjectId = smallEstate.principals[0]?.objectId ?? '';

/** Every plane of the lab for real, in memory, over the smallest estate. */
export async function openSmallLab(): Promise<SmallLab> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-small-lab-'));
  const authority = createLabAuthority(new Date());
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.certificatePem]);
  const defects: unknown[] = [];
  const onDefect = (error: unknown): void => {
    defects.push(error);
  };
  const serverTls = authority.issue(['localhost', '127.0.0.1'], new Date());
  const prepared = await prepareControlPlane({
    seed: {
      ...smallEstate,
      principals: [...smallEstate.principals, smallLabUser],
      publicClients: [
        {
          clientId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
          displayName: 'Microsoft Azure CLI',
          redirectUris: [],
        },
      ],
      roleAssignments: [
        ...smallEstate.roleAssignments,
        { principalId: adminObjectId, roleName: 'Storage Blob Data Contributor', scope: groupId },
        { principalId: adminObjectId, roleName: 'Key Vault Crypto Officer', scope: groupId },
        { principalId: smallLabUser.objectId, roleName: 'Reader', scope: groupId },
        { principalId: smallLabUser.objectId, roleName: 'Storage Blob Data Reader', scope: groupId },
        { principalId: smallLabUser.objectId, roleName: 'Key Vault Crypto User', scope: groupId },
      ],
    },
    authority,
    timing: { operationMs: 5, retryAfterMs: 50 },
    devicePollSeconds: 1,
    onDefect,
  });
  const { access, faults } = prepared;
  const common = { durable: false, tls: serverTls, faults, randomBytes, onDefect };
  const storage = await openStoragePlane({
    ...common,
    folder: join(folder, 'storage'),
    blobPort: 0,
    queuePort: 0,
    access,
  });
  const disks = await openDiskPlane({
    ...common,
    folder: join(folder, 'disks'),
    port: 0,
    images: async () => undefined,
    now: Date.now,
    newId: randomUUID,
  });
  const vms = openVmPlane({ folder: join(folder, 'vms'), authorityPem: authority.certificatePem, onDefect });
  const control = await prepared.start({ disks, storage, vms }, new AbortController().signal);
  const keyVault = await openKeyVault({
    vault: {
      id: `${groupId}/providers/Microsoft.KeyVault/vaults/contoso-keys`,
      ...{ tenantId, location, keys: ['backup'] },
    },
    ...{ port: 0, tls: serverTls, faults, access, file: undefined, now: Date.now, onDefect },
    authorityHost: control.origin,
  });
  const cloud: CloudEndpoints = {
    name: 'lab',
    authorityHost: control.origin,
    resourceManager: control.origin,
    resourceManagerAudience: 'https://management.azure.com',
    storageAudience: 'https://storage.azure.com',
    keyVault: { audience: 'https://vault.azure.net', hostSuffix: 'localhost' },
  };
  return {
    cloud,
    control,
    disks,
    storage,
    vms,
    keyVault,
    defects,
    connection: (caller = 'admin') =>
      connectWithSecret(cloud, callers[caller], { retryDelayMs: 20, pollIntervalMs: 20 }),
    fillDisk: (uniqueId, areas) => fillDisk(disks, uniqueId, areas),
    diskHash: (uniqueId) => diskHash(disks, uniqueId),
    async close() {
      await keyVault.close();
      await control.close();
      await vms.close();
      await disks.close();
      await storage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fillDisk(disks: LabDiskPlane, uniqueId: string, areas: readonly DiskFill[]): Promise<void> {
  const filled = areas.map(({ offset, length }) => ({ start: offset, end: offset + length }));
  const dataRanges = [...disks.allocatedRanges(uniqueId), ...filled];
  const read = async (start: number, target: Buffer): Promise<void> => {
    await disks.readBytes(uniqueId, start, target);
    for (const area of areas) {
      const from = Math.max(area.offset, start);
      const to = Math.min(area.offset + area.length, start + target.length);
      for (let at = from; at < to; at += 4096) {
        const page = target.subarray(at - start, Math.min(at + 4096, to) - start);
        if (area.value === 0) page.fill(0);
        else noise(`${area.value}/${at}`, page.length).copy(page);
      }
    }
  };
  await disks.importDifferences(uniqueId, { read, dataRanges }, new AbortController().signal);
}

function noise(seed: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(seed).digest();
}

async function diskHash(disks: LabDiskPlane, uniqueId: string): Promise<string> {
  const hash = createHash('sha256');
  const sector = 4096;
  const window = Buffer.alloc(1024 * 1024);
  for (const { start, end } of disks.allocatedRanges(uniqueId)) {
    for (let at = start; at < end; at += window.length) {
      const part = window.subarray(0, Math.min(window.length, end - at));
      await disks.readBytes(uniqueId, at, part);
      for (let from = 0; from < part.length; from += sector) {
        const bytes = part.subarray(from, from + sector);
        if (bytes.some((byte) => byte !== 0)) hash.update(`${at + from}`).update(bytes);
      }
    }
  }
  return hash.digest('hex');
}
