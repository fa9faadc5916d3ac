import { expect, test } from 'vitest';
import { backupDisks } from '../backup/backup-disks.ts';
import type { BlobStore } from '../blob-store.ts';
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

/** 256 blocks, all used, in a repository whose store counts. */
async function fullDisk() {
  const store = countingStore(memoryStore());
  const made = await testRepository(store);
  const disk = new TestDisk(256 * testBlock);
  disk.write(0, seededBytes('full', disk.bytes.length));
  const { pointId } = await backupDisks(made, { resource: testResource, disks: [disk.asBackup()] });
  return { store, repository: made, disk, pointId };
}

test('reading in order fetches neighbours together and ahead, within the cache', async () => {
  const { store, repository, disk, pointId } = await fullDisk();
  const cacheBytes = 64 * testBlock;
  const opened = await openDisk(repository, { point: pointId, diskIndex: 0 }, { cacheBytes });
  store.reset();
  const length = 10_000;
  for (let offset = 0; offset + length <= disk.bytes.length; offset += length) {
    const bytes = await opened.readAt(offset, length);
    expect(Buffer.compare(bytes, disk.bytes.subarray(offset, offset + length))).toBe(0);
  }
  expect(store.counts().reads).toBeLessThan(64);
  expect(store.counts().bytesRead).toBeLessThan(1.3 * disk.bytes.length);
});

test('one large read is a few requests', async () => {
  const { store, repository, disk, pointId } = await fullDisk();
  const opened = await openDisk(repository, { point: pointId, diskIndex: 0 });
  store.reset();
  const bytes = await opened.readAt(1000, disk.bytes.length - 2000);
  expect(Buffer.compare(bytes, disk.bytes.subarray(1000, disk.bytes.length - 1000))).toBe(0);
  expect(store.counts().reads).toBeLessThan(16);
});

test('a damaged block spoils no other that was fetched with it', async () => {
  const { store, disk, pointId, repository } = await fullDisk();
  const damaging: BlobStore = {
    ...store,
    async get(name, range, signal) {
      const bytes = await store.get(name, range, signal);
      if (name.startsWith('packs/') && range !== undefined && range.length < 8 * testBlock) return bytes;
      const copy = Buffer.from(bytes);
      if (name.startsWith('packs/')) copy.fill(0, copy.length >> 1, (copy.length >> 1) + 1000);
      return copy;
    },
  };
  const unlock = { kind: 'data-key', dataKey: repository.exportDataKey() } as const;
  const behind = await openRepository(damaging, { unlock, deps: testDeps(), threads: 0 });
  const opened = await openDisk(behind, { point: pointId, diskIndex: 0 });
  for (let block = 0; block < 256; block++) {
    const bytes = await opened.readAt(block * testBlock, testBlock);
    expect(Buffer.compare(bytes, disk.bytes.subarray(block * testBlock, (block + 1) * testBlock))).toBe(0);
  }
});
