import { expect, test } from 'vitest';
import { AppError } from '../../contract/index.ts';
import type { Repository } from '../model.ts';
import { deletePoint } from '../points/delete-point.ts';
import { listPoints } from '../points/list-points.ts';
import { openDisk } from '../read/open-disk.ts';
import { memoryStore } from '../stores/memory-store.ts';
import {
  restored,
  seededBytes,
  TestDisk,
  testBlock,
  testRepository,
  testResource,
} from '../testing/engine-fixture.ts';
import { backupDisks } from './backup-disks.ts';

function sampleDisk(blocks: number): TestDisk {
  const disk = new TestDisk(blocks * testBlock - 512);
  for (let block = 0; block < blocks; block += 3)
    disk.write(block * testBlock, seededBytes(`${block}`, 40_000));
  disk.takeChanges();
  return disk;
}

async function backUp(repository: Repository, disk: TestDisk, previous?: string) {
  const ranges = previous === undefined ? undefined : disk.takeChanges();
  return backupDisks(repository, {
    resource: testResource,
    disks: [disk.asBackup(ranges)],
    previous,
    document: { size: 'Standard_B2s' },
  });
}

for (const threads of [0, 2]) {
  test(`a disk comes back byte for byte, with ${threads} threads`, async () => {
    const repository = await testRepository(memoryStore(), { threads });
    const disk = sampleDisk(100);
    const { pointId, statistics } = await backUp(repository, disk);
    expect((await restored(repository, pointId)).equals(disk.bytes)).toBe(true);
    expect(statistics.zeroBytes).toBeGreaterThan(60 * testBlock);
    const [point] = await listPoints(repository);
    expect(point).toMatchObject({ id: pointId, document: { size: 'Standard_B2s' }, resource: testResource });
    await repository.close();
  });
}

test('later points share what did not change, and every point stands alone', async () => {
  const repository = await testRepository(memoryStore());
  const disk = sampleDisk(3000);
  const first = await backUp(repository, disk);
  const before = Buffer.from(disk.bytes);
  disk.write(7 * testBlock + 100, seededBytes('new', 200_000));
  disk.clear(90 * testBlock, 40 * testBlock + 17);
  const second = await backUp(repository, disk, first.pointId);
  expect(second.statistics.readBytes).toBeLessThan(8 * testBlock);
  expect(second.statistics.mapBytes).toBeLessThan(first.statistics.mapBytes / 10);
  expect((await restored(repository, first.pointId)).equals(before)).toBe(true);
  expect((await restored(repository, second.pointId)).equals(disk.bytes)).toBe(true);
  await deletePoint(repository, first.pointId);
  expect((await restored(repository, second.pointId)).equals(disk.bytes)).toBe(true);
  await expect(restored(repository, first.pointId)).rejects.toMatchObject({ code: 'not-found' });
});

test('a disk that grows keeps its content', async () => {
  const repository = await testRepository(memoryStore());
  const small = sampleDisk(30);
  small.write(29 * testBlock, seededBytes('tail', testBlock - 512));
  small.takeChanges();
  const first = await backUp(repository, small);
  const grown = new TestDisk(40 * testBlock * 32);
  grown.bytes.set(small.bytes);
  grown.write(35 * testBlock, seededBytes('more', 99));
  const second = await backUp(repository, grown, first.pointId);
  expect((await restored(repository, second.pointId)).equals(grown.bytes)).toBe(true);
});

test('the same content is stored once, wherever it comes from', async () => {
  const repository = await testRepository(memoryStore());
  const disk = new TestDisk(64 * testBlock);
  const content = seededBytes('same', testBlock);
  for (let block = 0; block < 64; block++) disk.write(block * testBlock, content);
  const first = await backUp(repository, disk);
  expect(first.statistics.storedBytes).toBeLessThan(2 * testBlock + 8192);
  const again = await backUp(repository, disk);
  expect(again.statistics.deduplicatedBytes).toBe(64 * testBlock);
  expect(again.statistics.storedBytes).toBeLessThan(8192);
});

test('random reads agree with the disk', async () => {
  const repository = await testRepository(memoryStore());
  const disk = sampleDisk(200);
  const { pointId } = await backUp(repository, disk);
  const opened = await openDisk(repository, { point: pointId, diskIndex: 0 }, { cacheBytes: 3 * testBlock });
  for (let index = 0; index < 300; index++) {
    const random = Buffer.from(seededBytes(`read ${index}`, 8));
    const length = random.readUInt32LE(0) % 150_000;
    const offset = random.readUInt32LE(4) % (disk.bytes.length - length);
    const bytes = await opened.readAt(offset, length);
    expect(Buffer.from(bytes).equals(disk.bytes.subarray(offset, offset + length))).toBe(true);
  }
  await expect(opened.readAt(disk.bytes.length - 10, 11)).rejects.toMatchObject({ code: 'invalid-input' });
});

test('a backup that fails leaves no point, and what it stored is reused', async () => {
  const repository = await testRepository(memoryStore());
  const disk = new TestDisk(600 * testBlock);
  disk.write(0, seededBytes('all', disk.bytes.length));
  disk.takeChanges();
  const broken = disk.asBackup();
  const source = {
    read: async (offset: number, length: number) => {
      if (offset > 400 * testBlock) throw new AppError('unreachable', { message: 'The disk is gone.' });
      return broken.source.read(offset, length);
    },
  };
  await expect(
    backupDisks(repository, { resource: testResource, disks: [{ ...broken, source }], packTarget: 1 << 20 }),
  ).rejects.toMatchObject({ code: 'unreachable' });
  expect(await listPoints(repository)).toEqual([]);
  const { pointId, statistics } = await backUp(repository, disk);
  expect(statistics.deduplicatedBytes).toBeGreaterThan(300 * testBlock);
  expect((await restored(repository, pointId)).equals(disk.bytes)).toBe(true);
});

test('with hardly any memory for the index, blocks are stored again and everything reads back', async () => {
  const repository = await testRepository(memoryStore());
  const disk = new TestDisk(200 * testBlock);
  for (let block = 0; block < 200; block++) disk.write(block * testBlock, seededBytes(`${block}`, 300));
  disk.takeChanges();
  await backUp(repository, disk);
  const options = { resource: testResource, disks: [disk.asBackup()], indexBytes: 6 * 100 };
  const { pointId, statistics } = await backupDisks(repository, options);
  expect(statistics.deduplicatedBytes).toBeGreaterThan(0);
  expect(statistics.deduplicatedBytes).toBeLessThan(150 * testBlock);
  expect((await restored(repository, pointId)).equals(disk.bytes)).toBe(true);
});

test('ranges that overlap or leave the disk are refused', async () => {
  const repository = await testRepository(memoryStore());
  const disk = sampleDisk(4);
  for (const ranges of [
    [{ offset: 0, length: disk.bytes.length + 1 }],
    [
      { offset: 0, length: 10 },
      { offset: 5, length: 10 },
    ],
    [{ offset: -1, length: 10 }],
  ]) {
    const backup = backupDisks(repository, { resource: testResource, disks: [disk.asBackup(ranges)] });
    await expect(backup).rejects.toMatchObject({ code: 'invalid-input', details: { field: 'ranges' } });
  }
});
