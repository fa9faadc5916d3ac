import { expect, test } from 'vitest';
import { backupDisks } from '../backup/backup-disks.ts';
import { checkRepository } from '../check/check-repository.ts';
import { collectGarbage } from '../collect/collect-garbage.ts';
import type { Repository, RepositoryDisk } from '../model.ts';
import { deletePoint } from '../points/delete-point.ts';
import { openRepository } from '../repository/open-repository.ts';
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

const blocks = 120;

/** Two points that share two thirds of their blocks, and an installation that only reads. */
async function twoPoints() {
  const store = memoryStore();
  const repository = await testRepository(store);
  const disk = new TestDisk(blocks * testBlock);
  for (let block = 0; block < blocks; block++) disk.write(block * testBlock, seededBytes(`${block}`, 900));
  const first = await backUp(repository, disk);
  const before = Buffer.from(disk.bytes);
  change(disk, 3, 'second');
  const second = await backUp(repository, disk, first);
  const unlock = { kind: 'data-key', dataKey: repository.exportDataKey() } as const;
  const elsewhere = await openRepository(store, { unlock, deps: testDeps('elsewhere'), threads: 0 });
  return { repository, elsewhere, disk, first, before, second };
}

function change(disk: TestDisk, every: number, seed: string): void {
  for (let block = 0; block < blocks; block += every) {
    disk.write(block * testBlock, seededBytes(`${seed} ${block}`, 900));
  }
}

async function backUp(repository: Repository, disk: TestDisk, previous?: string): Promise<string> {
  const disks = [disk.asBackup(disk.takeChanges())];
  return (await backupDisks(repository, { resource: testResource, disks, previous, packTarget: 4000 }))
    .pointId;
}

/** No block stays in memory, so every read goes to the store. */
function openUncached(repository: Repository, point: string): Promise<RepositoryDisk> {
  return openDisk(repository, { point, diskIndex: 0 }, { cacheBytes: 0 });
}

async function expectSame(disk: RepositoryDisk, expected: Buffer, from: number, step: number): Promise<void> {
  for (let block = from; block < blocks; block += step) {
    const bytes = await disk.readAt(block * testBlock, 1000);
    expect(Buffer.from(bytes).equals(expected.subarray(block * testBlock, block * testBlock + 1000))).toBe(
      true,
    );
  }
}

test('a disk that is open while other points are deleted, collected and compacted again and again reads on', async () => {
  const { repository, elsewhere, disk, first, second } = await twoPoints();
  const content = Buffer.from(disk.bytes);
  const open = await openUncached(elsewhere, second);
  await expectSame(open, content, 0, 40);
  await deletePoint(repository, first);
  let last = second;
  for (let round = 0; round < 4; round++) {
    change(disk, round + 2, `round ${round}`);
    const next = await backUp(repository, disk, last);
    if (last !== second) await deletePoint(repository, last);
    const { compactedPacks } = await collectGarbage(repository, { compactBelow: 0.99 });
    if (round === 0) expect(compactedPacks).toBeGreaterThan(0);
    // Other blocks every time: places learnt in one round are out of date in the next.
    await expectSame(open, content, round, 7);
    last = next;
  }
  await expectSame(open, content, 0, 1);
});

test('reads beside a running delete, collection and compaction are right', async () => {
  const { repository, elsewhere, disk, first, second } = await twoPoints();
  const open = await openUncached(elsewhere, second);
  const upkeep = (async () => {
    await deletePoint(repository, first);
    await collectGarbage(repository, { compactBelow: 0.99 });
    await collectGarbage(repository, { compactBelow: 0.99 });
  })();
  for (let round = 0; round < 3; round++) await expectSame(open, disk.bytes, round, 2);
  await upkeep;
  await expectSame(open, disk.bytes, 0, 1);
});

test('of a point that is deleted and collected while it is open, a read says that it is gone, not that it is damaged', async () => {
  const { repository, elsewhere, first, before, second, disk } = await twoPoints();
  const open = await openUncached(elsewhere, first);
  await expectSame(open, before, 0, 30);
  await deletePoint(repository, first);
  await expectSame(open, before, 0, 30);
  await collectGarbage(repository, { compactBelow: 0.99 });
  const outcomes = await Promise.allSettled(
    Array.from({ length: blocks }, (_, block) => open.readAt(block * testBlock, 1000)),
  );
  const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'read'));
  expect(new Set(codes)).toEqual(new Set(['read', 'not-found']));
  outcomes.forEach((outcome, block) => {
    if (outcome.status === 'rejected') return;
    const expected = before.subarray(block * testBlock, block * testBlock + 1000);
    expect(Buffer.from(outcome.value).equals(expected)).toBe(true);
  });
  await expect(restored(elsewhere, first)).rejects.toMatchObject({ code: 'not-found' });
  expect((await restored(elsewhere, second)).equals(disk.bytes)).toBe(true);
});

test('a disk that was open when a damaged block was healed reads it then', async () => {
  const { repository, elsewhere, disk, first, second } = await twoPoints();
  const { store } = repository;
  const open = await openUncached(elsewhere, second);
  for await (const { name } of store.list(`packs/${first}/0`)) {
    const bytes = await store.get(name);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    await store.delete(name);
    await store.put(name, bytes);
  }
  const read = () =>
    Promise.allSettled(Array.from({ length: blocks }, (_, block) => open.readAt(block * testBlock, 1000)));
  const damaged = (await read()).filter((outcome) => outcome.status === 'rejected');
  expect(damaged.length).toBeGreaterThan(10);
  expect(damaged.every((outcome) => outcome.reason.code === 'damaged')).toBe(true);
  await checkRepository(repository, { level: 'deep' });
  await backUp(repository, disk, second);
  expect((await read()).filter((outcome) => outcome.status === 'rejected')).toEqual([]);
});
