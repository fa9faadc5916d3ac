import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createUploadDisk,
  deleteDisk,
  deleteSnapshot,
  getDisk,
  grantDiskRead,
  grantDiskWrite,
  resourceIdOf,
  revokeDiskAccess,
  revokeSnapshotAccess,
} from '../../azure/index.ts';
import type { TaskResult } from '../../contract/index.ts';
import type { WorkerEvent } from './port.ts';

import {
  backupTask,
  closeFleetLab,
  diskSize,
  diskUniqueId,
  fleet,
  lab,
  leftovers,
  location,
  mib,
  openFleetLab,
  openIntents,
  place,
  readSas,
  requestOf,
  signal,
  snapshot,
  snapshotId,
} from './testing/fleet-lab.ts';

beforeAll(openFleetLab, 120_000);
afterAll(closeFleetLab);

describe('the road through a worker', () => {
  let full: Extract<TaskResult, { kind: 'backup' }>;
  let incremental: Extract<TaskResult, { kind: 'backup' }>;
  const hashes: string[] = [];

  test('a full backup reads what is allocated', async () => {
    await snapshot('full');
    hashes.push(await lab.diskHash(diskUniqueId));
    const events: WorkerEvent[] = [];
    const sas = await readSas('full');
    const result = await fleet().run(
      requestOf({
        sessionId: 's-full',
        purpose: 'backup',
        task: backupTask(null, { format: 1, large: 'x'.repeat(80_000) }),
        disks: async () => [{ index: 0, url: sas, previousUrl: null }],
        onEvent: (event) => events.push(event),
      }),
      signal,
    );
    if (result.kind !== 'backup') throw new Error('not a backup');
    full = result;
    expect(full).toMatchObject({ diskBytes: diskSize, readBytes: 9 * mib, fullDisks: [] });
    expect(full.storedBytes).toBeGreaterThan(8 * mib);
    expect(
      events.filter(({ type }) => type === 'phase').map((event) => 'phase' in event && event.phase),
    ).toEqual(['preparing', 'launching', 'booting', 'working', 'removing']);
    expect(events.filter((event) => event.type === 'log' && event.level !== 'info')).toEqual([]);
    expect(await leftovers()).toEqual([]);
    expect(openIntents()).toEqual([]);
  });

  test('a later one reads what changed or was cleared', async () => {
    await lab.fillDisk(diskUniqueId, [
      { offset: 41 * mib, length: mib, value: 44 },
      { offset: 100 * mib, length: 65_536, value: 55 },
      { offset: 0, length: mib, value: 0 },
    ]);
    await snapshot('later');
    hashes.push(await lab.diskHash(diskUniqueId));
    const [url, previousUrl] = [await readSas('later'), await readSas('full')];
    const result = await fleet().run(
      requestOf({
        sessionId: 's-later',
        purpose: 'backup',
        task: backupTask(full.pointId),
        disks: async () => [{ index: 0, url, previousUrl }],
      }),
      signal,
    );
    if (result.kind !== 'backup') throw new Error('not a backup');
    incremental = result;
    expect(incremental).toMatchObject({ readBytes: 2 * mib, fullDisks: [] });
    expect(incremental.storedBytes).toBeLessThan(full.storedBytes / 5);
    for (const name of ['full', 'later']) {
      await revokeSnapshotAccess(lab.connection(), snapshotId(name), signal);
      await deleteSnapshot(lab.connection(), snapshotId(name), signal);
    }
  });

  test.each([0, 1])('point %i is restored byte for byte and verified', async (which) => {
    const connection = lab.connection();
    const target = resourceIdOf('disk', place, `restored-${which}`);
    await createUploadDisk(
      connection,
      {
        diskId: target,
        region: location,
        zone: null,
        sizeBytes: diskSize,
        sku: 'Standard_LRS',
        os: null,
        tags: {},
      },
      signal,
    );
    const point = [full, incremental][which]?.pointId ?? '';
    const repository = { folder: 'main', encrypted: true };
    const disk = { index: 0, name: 'web-os', sizeBytes: diskSize, target };
    const restored = await fleet().run(
      requestOf({
        sessionId: `s-restore-${which}`,
        purpose: 'restore',
        task: { kind: 'restore', repository, point, disks: [{ ...disk, startAt: 0 }] },
        disks: async () => [
          {
            index: 0,
            url: (await grantDiskWrite(connection, { diskId: target, durationSeconds: 3600 }, signal)).sas,
            previousUrl: null,
          },
        ],
      }),
      signal,
    );
    expect(restored).toMatchObject({ kind: 'restore', disks: [{ index: 0, diskBytes: diskSize }] });
    await revokeDiskAccess(connection, target, signal);
    const made = await getDisk(connection, target, signal);
    expect(made?.state).toBe('Unattached');
    expect(await lab.diskHash(made?.uniqueId ?? '')).toBe(hashes[which]);
    const read = await grantDiskRead(connection, { diskId: target, durationSeconds: 3600 }, signal);
    const verified = await fleet().run(
      requestOf({
        sessionId: `s-restore-${which}`,
        purpose: 'verify',
        task: { kind: 'verify', repository, point, disks: [disk] },
        disks: async () => [{ index: 0, url: read.sas, previousUrl: null }],
      }),
      signal,
    );
    expect(verified).toMatchObject({ kind: 'verify', disks: [{ index: 0, firstDifference: null }] });
    await revokeDiskAccess(connection, target, signal);
    await deleteDisk(connection, target, signal);
    expect(await leftovers()).toEqual([]);
  });
});
