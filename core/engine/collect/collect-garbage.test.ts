import { expect, test } from 'vitest';
import { backupDisks } from '../backup/backup-disks.ts';
import type { BlobStore } from '../blob-store.ts';
import { checkRepository } from '../check/check-repository.ts';
import type { Repository } from '../model.ts';
import { deletePoint } from '../points/delete-point.ts';
import { listPoints } from '../points/list-points.ts';
import { openRepository } from '../repository/open-repository.ts';
import { memoryStore } from '../stores/memory-store.ts';
import {
  restored,
  seededBytes,
  TestDisk,
  testBlock,
  testDeps,
  testPassword,
  testRepository,
  testResource,
} from '../testing/engine-fixture.ts';
import { collectGarbage } from './collect-garbage.ts';

const small = 256 * 1024;

async function backUp(repository: Repository, disk: TestDisk, previous?: string): Promise<string> {
  const ranges = previous === undefined ? undefined : disk.takeChanges();
  const options = { resource: testResource, disks: [disk.asBackup(ranges)], previous, packTarget: small };
  return (await backupDisks(repository, options)).pointId;
}

function fullDisk(blocks: number, seed: string): TestDisk {
  const disk = new TestDisk(blocks * testBlock);
  disk.write(0, seededBytes(seed, disk.bytes.length));
  disk.takeChanges();
  return disk;
}

async function namesIn(store: BlobStore, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of store.list(prefix)) names.push(name);
  return names;
}

async function storedBytes(store: BlobStore): Promise<number> {
  let bytes = 0;
  for await (const { size } of store.list('')) bytes += size;
  return bytes;
}

test('what only a deleted point used is gone, and everything else stays readable', async () => {
  const store = memoryStore();
  const repository = await testRepository(store);
  const disk = fullDisk(40, 'a');
  const first = await backUp(repository, disk);
  disk.write(0, seededBytes('b', 20 * testBlock));
  const second = await backUp(repository, disk, first);
  const before = await storedBytes(store);
  await deletePoint(repository, first);
  const dry = await collectGarbage(repository, { dryRun: true });
  expect(await storedBytes(store)).toBeLessThan(before);
  const report = await collectGarbage(repository);
  expect(report.removedBytes).toBe(dry.removedBytes);
  expect(report.removedBytes).toBeGreaterThan(19 * testBlock);
  expect((await restored(repository, second)).equals(disk.bytes)).toBe(true);
  expect(await storedBytes(store)).toBeLessThan(before - 19 * testBlock);
  for (const prefix of ['writers/', 'condemned/']) expect(await namesIn(store, prefix)).toEqual([]);
});

test('an empty repository collects to nothing', async () => {
  const store = memoryStore();
  const repository = await testRepository(store);
  const point = await backUp(repository, fullDisk(10, 'a'));
  await deletePoint(repository, point);
  await collectGarbage(repository);
  expect((await namesIn(store, '')).filter((name) => !/^(cairn$|keys\/)/.test(name))).toEqual([]);
});

test('packs of which little is used are rewritten, and old maps find the blocks', async () => {
  const store = memoryStore();
  const repository = await testRepository(store);
  const disk = fullDisk(40, 'a');
  const first = await backUp(repository, disk);
  const changed = Buffer.from(disk.bytes);
  for (let block = 0; block < 40; block++) {
    if (block % 4 !== 0) disk.write(block * testBlock, seededBytes(`c${block}`, testBlock));
  }
  const second = await backUp(repository, disk, first);
  expect(changed.equals(disk.bytes)).toBe(false);
  await deletePoint(repository, first);
  const report = await collectGarbage(repository);
  expect(report.compactedPacks).toBeGreaterThan(5);
  expect((await restored(repository, second)).equals(disk.bytes)).toBe(true);
  // A second round of changes moves moved blocks again.
  for (let block = 0; block < 40; block += 8)
    disk.write(block * testBlock, seededBytes(`d${block}`, testBlock));
  const third = await backUp(repository, disk, second);
  await deletePoint(repository, second);
  await collectGarbage(repository, { compactBelow: 0.9 });
  await collectGarbage(repository, { compactBelow: 0.9 });
  const fresh = await openRepository(store, {
    unlock: { kind: 'password', password: testPassword },
    deps: testDeps('other'),
    threads: 0,
  });
  expect((await restored(fresh, third)).equals(disk.bytes)).toBe(true);
  // Compacted blocks are found by later backups.
  const again = await backupDisks(fresh, { resource: testResource, disks: [disk.asBackup()] });
  expect(again.statistics.deduplicatedBytes).toBe(disk.bytes.length);
});

test('map packs of which little is used are rewritten like data packs, again and again', async () => {
  const store = memoryStore();
  const repository = await testRepository(store);
  const disk = new TestDisk(1100 * testBlock);
  for (let block = 0; block < 1100; block += 16) disk.write(block * testBlock, seededBytes(`${block}`, 300));
  const write = (seed: string, from: number, to: number) => {
    for (let block = from; block < to; block += 32)
      disk.write(block * testBlock, seededBytes(`${seed}${block}`, 300));
  };
  let last = (
    await backupDisks(repository, { resource: testResource, disks: [disk.asBackup(disk.takeChanges())] })
  ).pointId;
  const [firstMap = ''] = (await namesIn(store, 'packs/')).filter((name) => name.includes('/80'));
  for (const [seed, from, to] of [
    ['x', 0, 800],
    ['y', 400, 1100],
    ['z', 0, 700],
  ] as const) {
    write(seed, from, to);
    const previous = last;
    last = await backUp(repository, disk, previous);
    await deletePoint(repository, previous);
    const dry = await collectGarbage(repository, { dryRun: true, compactBelow: 0.9 });
    const report = await collectGarbage(repository, { compactBelow: 0.9 });
    expect(report).toMatchObject({ removedPacks: dry.removedPacks, compactedPacks: dry.compactedPacks });
    const fresh = await openRepository(store, {
      unlock: { kind: 'password', password: testPassword },
      deps: testDeps(seed),
      threads: 0,
    });
    expect((await restored(fresh, last)).equals(disk.bytes)).toBe(true);
    expect((await checkRepository(fresh, { level: 'deep' })).findings).toEqual([]);
  }
  expect(await store.head(firstMap)).toBeUndefined();
  const { liveBytes, bytes } = await collectGarbage(repository, { dryRun: true });
  expect(liveBytes / bytes).toBeGreaterThan(0.8);
});

test('a backup that began before the collection keeps what it may refer to', async () => {
  const store = memoryStore();
  const repository = await testRepository(store);
  const disk = fullDisk(16, 'a');
  const first = await backUp(repository, disk);
  const source = disk.asBackup().source;
  let collected = false;
  const slow = {
    read: async (offset: number, length: number) => {
      if (!collected) {
        collected = true;
        await deletePoint(repository, first);
        const report = await collectGarbage(repository);
        expect(report.waitsFor).toHaveLength(1);
        expect(report.removedPacks).toBe(0);
      }
      return source.read(offset, length);
    },
  };
  const disks = [{ ...disk.asBackup(), source: slow }];
  const { pointId, statistics } = await backupDisks(repository, { resource: testResource, disks });
  expect(statistics.deduplicatedBytes).toBe(disk.bytes.length);
  await collectGarbage(repository);
  expect((await restored(repository, pointId)).equals(disk.bytes)).toBe(true);
  expect(await namesIn(store, 'condemned/')).toEqual([]);
});

test('a backup given up for dead cannot become a point, and its space comes back', async () => {
  const store = memoryStore();
  const repository = await testRepository(store);
  const disk = fullDisk(16, 'a');
  const source = disk.asBackup().source;
  const slow = {
    read: async (offset: number, length: number) => {
      if (offset === 0) await collectGarbage(repository, { abandonAfter: 0 });
      return source.read(offset, length);
    },
  };
  const disks = [{ ...disk.asBackup(), source: slow }];
  await expect(backupDisks(repository, { resource: testResource, disks })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(await listPoints(repository)).toEqual([]);
  await collectGarbage(repository);
  expect(await namesIn(store, 'packs/')).toEqual([]);
});

test('many small index objects become one, and what they list is still found', async () => {
  const store = memoryStore();
  const repository = await testRepository(store);
  for (let disk = 0; disk < 20; disk++) await backUp(repository, fullDisk(2, `disk ${disk}`));
  expect(await namesIn(store, 'index/')).toHaveLength(20);
  await collectGarbage(repository);
  expect(await namesIn(store, 'index/')).toHaveLength(1);
  const disks = [fullDisk(2, 'disk 3').asBackup(), { ...fullDisk(2, 'disk 17').asBackup(), id: 'data' }];
  const { statistics } = await backupDisks(repository, { resource: testResource, disks });
  expect(statistics.deduplicatedBytes).toBe(4 * testBlock);
});

test('two collectors at once do no harm', async () => {
  const store = memoryStore();
  const repository = await testRepository(store);
  const disk = fullDisk(40, 'a');
  const first = await backUp(repository, disk);
  for (let block = 0; block < 40; block += 2)
    disk.write(block * testBlock, seededBytes(`${block}`, testBlock));
  const second = await backUp(repository, disk, first);
  await deletePoint(repository, first);
  await Promise.allSettled([
    collectGarbage(repository, { compactBelow: 0.9 }),
    collectGarbage(repository, { compactBelow: 0.9 }),
  ]);
  await collectGarbage(repository, { compactBelow: 0.9 });
  expect((await restored(repository, second)).equals(disk.bytes)).toBe(true);
});
