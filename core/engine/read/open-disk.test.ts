import { expect, test } from 'vitest';
import { backupDisks } from '../backup/backup-disks.ts';
import { openRepository } from '../repository/open-repository.ts';
import { countingStore } from '../stores/counting-store.ts';
import { memoryStore } from '../stores/memory-store.ts';
import {
  restored,
  seededBytes,
  TestDisk,
  testBlock,
  testDeps,
  testRepository,
  testResource,
} from '../testing/engine-fixture.ts';
import { openDisk } from './open-disk.ts';
import { restoreDisk } from './restore-disk.ts';

/** 4,000 blocks, every tenth used: three levels of map. */
async function sparseDisk() {
  const store = countingStore(memoryStore());
  const made = await testRepository(store);
  const disk = new TestDisk(4000 * testBlock);
  for (let block = 0; block < 4000; block += 10) disk.write(block * testBlock, seededBytes(`${block}`, 700));
  const ranges = disk.takeChanges();
  const { pointId } = await backupDisks(made, { resource: testResource, disks: [disk.asBackup(ranges)] });
  const unlock = { kind: 'data-key', dataKey: made.exportDataKey() } as const;
  const repository = await openRepository(store, { unlock, deps: testDeps(), threads: 0 });
  return { store, repository, disk, pointId };
}

test('a small read costs the nodes on its way once, then one block each', async () => {
  const { store, repository, disk, pointId } = await sparseDisk();
  const opened = await openDisk(repository, { point: pointId, diskIndex: 0 });
  await opened.readAt(0, 4096);
  for (let block = 10; block < 4000; block += 10) await opened.readAt(block * testBlock + 5000, 1);
  store.reset();
  for (const block of [500, 2010, 3990]) {
    const offset = block * testBlock;
    const bytes = await opened.readAt(offset, 4096);
    expect(Buffer.from(bytes).equals(disk.bytes.subarray(offset, offset + 4096))).toBe(true);
  }
  expect(store.counts().reads).toBeLessThanOrEqual(3);
  store.reset();
  await opened.readAt(5 * testBlock, 4096);
  expect(store.counts().reads).toBe(0);
});

test('extents are what is stored and nothing else', async () => {
  const { repository, pointId } = await sparseDisk();
  const opened = await openDisk(repository, { point: pointId, diskIndex: 0 });
  const offsets: number[] = [];
  for await (const { offset, length } of opened.extents()) {
    expect(length).toBe(testBlock);
    offsets.push(offset / testBlock);
  }
  expect(offsets).toEqual(Array.from({ length: 400 }, (_, index) => index * 10));
});

test('a restore fetches and writes only what is not zero, and goes on from where it stopped', async () => {
  const { store, repository, disk, pointId } = await sparseDisk();
  const target = Buffer.alloc(disk.bytes.length);
  let resumeOffset = 0;
  let failing = true;
  const sink = {
    async write(offset: number, bytes: Uint8Array) {
      if (failing && offset > 2000 * testBlock) throw new Error('The target went away.');
      target.set(bytes, offset);
    },
  };
  const first = restoreDisk(repository, {
    point: pointId,
    diskIndex: 0,
    sink,
    concurrency: 2,
    onProgress: (progress) => {
      resumeOffset = progress.resumeOffset;
    },
  });
  await expect(first).rejects.toThrow('went away');
  expect(resumeOffset).toBeGreaterThan(1900 * testBlock);
  const startAt = resumeOffset;
  failing = false;
  store.reset();
  const result = await restoreDisk(repository, { point: pointId, diskIndex: 0, sink, startAt });
  expect(result.bytesWritten).toBeLessThanOrEqual(210 * testBlock);
  expect(store.counts().bytesRead).toBeLessThan(400_000);
  expect(target.equals(disk.bytes)).toBe(true);
});

test('an aborted restore says so', async () => {
  const { repository, pointId } = await sparseDisk();
  const signal = AbortSignal.abort();
  await expect(restored(repository, pointId, { signal })).rejects.toMatchObject({ name: 'AbortError' });
});
