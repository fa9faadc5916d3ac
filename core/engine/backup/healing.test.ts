import { expect, test } from 'vitest';
import type { BlobStore } from '../blob-store.ts';
import { checkRepository } from '../check/check-repository.ts';
import { collectGarbage } from '../collect/collect-garbage.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { packIdFromName, packName } from '../format/names.ts';
import { isMapPack } from '../format/pack.ts';
import type { BackupResult, Repository } from '../model.ts';
import { deletePoint } from '../points/delete-point.ts';
import { readFooter } from '../read/read-footer.ts';
import { openRepository } from '../repository/open-repository.ts';
import { opened } from '../repository/open-state.ts';
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
import { backupDisks } from './backup-disks.ts';

/** Three levels of map: 35 leaves, two nodes above them, the root. */
const blocks = 1100;

function backUp(repository: Repository, disk: TestDisk, previous?: string): Promise<BackupResult> {
  const ranges = disk.takeChanges();
  return backupDisks(repository, { resource: testResource, disks: [disk.asBackup(ranges)], previous });
}

async function onePoint() {
  const store = memoryStore();
  const repository = await testRepository(store);
  const disk = new TestDisk(blocks * testBlock);
  for (let block = 0; block < blocks; block += 16)
    disk.write(block * testBlock, seededBytes(`${block}`, 500));
  const { pointId } = await backUp(repository, disk);
  return { store, repository, disk, first: pointId, before: Buffer.from(disk.bytes) };
}

/** The nodes of the only map pack, in the order in which they were written: leaves first, the root last. */
async function nodesOf(repository: Repository): Promise<readonly BlockRef[]> {
  for await (const { name, size } of repository.store.list('packs/')) {
    const packId = packIdFromName(name) ?? '';
    if (isMapPack(packId)) return (await readFooter(opened(repository), { packId, size })).refs;
  }
  return [];
}

/** The map nodes of one point, as written: each after those below it. */
async function nodesOfPoint(repository: Repository, point: string): Promise<readonly BlockRef[]> {
  for await (const { name, size } of repository.store.list(`packs/${point}/`)) {
    const packId = packIdFromName(name) ?? '';
    if (isMapPack(packId)) return (await readFooter(opened(repository), { packId, size })).refs;
  }
  return [];
}

async function damage(store: BlobStore, node: BlockRef | undefined): Promise<void> {
  const name = packName(node?.pack ?? '');
  const bytes = await store.get(name);
  bytes[(node?.offset ?? 0) + 3] = (bytes[(node?.offset ?? 0) + 3] ?? 0) ^ 1;
  await store.delete(name);
  await store.put(name, bytes);
}

let openings = 0;
async function reopened(store: BlobStore): Promise<Repository> {
  const unlock = { kind: 'password', password: testPassword } as const;
  return openRepository(store, { unlock, deps: testDeps(`opening ${openings++}`), threads: 0 });
}

async function expectWhole(store: BlobStore, points: ReadonlyMap<string, Buffer>): Promise<void> {
  const repository = await reopened(store);
  for (const [point, bytes] of points) expect((await restored(repository, point)).equals(bytes)).toBe(true);
  const { findings } = await checkRepository(repository, { level: 'deep' });
  expect(findings.flatMap((finding) => finding.affects)).toEqual([]);
}

/** Which node, and a block below it that holds something. */
const places = { 'a leaf': [3, 96], 'a node above leaves': [32, 96], 'the root': [-1, 96] } as const;

test.each(Object.entries(places))(
  '%s that is damaged is healed by a backup that finds the same below it',
  async (_, [at, block]) => {
    for (const checked of [false, true]) {
      const { store, repository, disk, first, before } = await onePoint();
      await damage(store, (await nodesOf(repository)).at(at));
      if (checked) {
        const { findings } = await checkRepository(repository, { level: 'quick' });
        expect(findings.flatMap((finding) => finding.affects.map((point) => point.pointId))).toEqual([first]);
      } else {
        // Written again with what it held: that is how a backup without a check comes across the node.
        disk.write(
          block * testBlock,
          Uint8Array.from(disk.bytes.subarray(block * testBlock, block * testBlock + 500)),
        );
      }
      const fresh = await reopened(store);
      await expect(restored(fresh, first)).rejects.toMatchObject({ code: 'damaged' });
      const { pointId, healing } = await backUp(fresh, disk, first);
      expect(healing).toEqual({ healed: 1, stillDamaged: 0 });
      const points = new Map([
        [first, before],
        [pointId, disk.bytes],
      ]);
      await expectWhole(store, points);
      await collectGarbage(fresh, { compactBelow: 0.99 });
      await expectWhole(store, points);
    }
  },
);

test('a change elsewhere does not keep a damaged leaf from being healed', async () => {
  const { store, repository, disk, first, before } = await onePoint();
  await damage(store, (await nodesOf(repository)).at(3));
  await checkRepository(repository, { level: 'quick' });
  disk.write(128 * testBlock, seededBytes('new', 700));
  const fresh = await reopened(store);
  const { pointId, healing } = await backUp(fresh, disk, first);
  expect(healing).toEqual({ healed: 1, stillDamaged: 0 });
  await expectWhole(
    store,
    new Map([
      [first, before],
      [pointId, disk.bytes],
    ]),
  );
});

test('a full backup heals what an unchanged disk still has', async () => {
  const { store, repository, disk, first, before } = await onePoint();
  for (const at of [0, 20, -2, -1]) await damage(store, (await nodesOf(repository)).at(at));
  await checkRepository(repository, { level: 'deep' });
  const disks = [disk.asBackup()];
  const { healing } = await backupDisks(await reopened(store), { resource: testResource, disks });
  // The check saw the damaged root only; what lay damaged below it was come across on the way.
  expect(healing.healed).toBe(4);
  await expectWhole(store, new Map([[first, before]]));
});

test('where the disk changed, the new point is whole and the older one is named as damaged', async () => {
  const { store, repository, disk, first } = await onePoint();
  await damage(store, (await nodesOf(repository)).at(1));
  disk.write(33 * testBlock, seededBytes('changed', 900));
  const fresh = await reopened(store);
  const { pointId, healing } = await backUp(fresh, disk, first);
  expect(healing).toEqual({ healed: 0, stillDamaged: 1 });
  expect((await restored(fresh, pointId)).equals(disk.bytes)).toBe(true);
  const { findings } = await checkRepository(fresh, { level: 'deep' });
  expect(findings.flatMap((finding) => finding.affects.map((point) => point.pointId))).toEqual([first]);
});

function change(disk: TestDisk, seed: string, ...blocksToChange: number[]): void {
  for (const block of blocksToChange) disk.write(block * testBlock, seededBytes(`${seed} ${block}`, 700));
}

test.each([
  ['a node above leaves', [32]],
  ['the root', [-1]],
  ['the root and a node above leaves', [-1, 32]],
  ['a node of every level', [-1, 32, 7]],
] as const)('%s is healed although blocks below changed', async (_, lost) => {
  for (const checked of [false, true]) {
    const { store, repository, disk, first, before } = await onePoint();
    for (const at of lost) await damage(store, (await nodesOf(repository)).at(at));
    if (checked) await checkRepository(repository, { level: 'quick' });
    change(disk, 'new', 96, 112, 608, 1056);
    const fresh = await reopened(store);
    const { pointId, healing } = await backUp(fresh, disk, first);
    expect(healing).toEqual({ healed: lost.length, stillDamaged: 0 });
    await expectWhole(
      store,
      new Map([
        [first, before],
        [pointId, disk.bytes],
      ]),
    );
  }
});

test.each([
  ['with the point before it', false],
  ['with nothing but what comes after it', true],
])('a node of a point that changed little is healed %s', async (_, alone) => {
  const { store, repository, disk, first } = await onePoint();
  change(disk, 'second', 96, 480);
  const second = await backUp(repository, disk, first);
  const before = Buffer.from(disk.bytes);
  for (const at of [-1, -2]) await damage(store, (await nodesOfPoint(repository, second.pointId)).at(at));
  if (alone) await deletePoint(repository, first);
  change(disk, 'third', 96, ...(alone ? [] : [640]));
  const fresh = await reopened(store);
  const { pointId, healing } = await backUp(fresh, disk, second.pointId);
  expect(healing).toEqual({ healed: 2, stillDamaged: 0 });
  await expectWhole(
    store,
    new Map([
      [second.pointId, before],
      [pointId, disk.bytes],
    ]),
  );
});

test('nodes of points that a backup is not compared with are healed after a check', async () => {
  const { store, repository, disk, first, before } = await onePoint();
  change(disk, 'second', 96, 1040);
  const second = await backUp(repository, disk, first);
  for (const at of [32, -2, -1]) await damage(store, (await nodesOfPoint(repository, first)).at(at));
  const { findings } = await checkRepository(repository, { level: 'quick' });
  const hurt = findings.flatMap((finding) => finding.affects.map((point) => point.pointId));
  expect(new Set(hurt)).toEqual(new Set([first]));
  change(disk, 'third', 16);
  const { pointId } = await backUp(await reopened(store), disk, second.pointId);
  await expectWhole(
    store,
    new Map([
      [first, before],
      [pointId, disk.bytes],
    ]),
  );
});

test('what a backup healed stays healed when the backup itself fails, whatever is collected later', async () => {
  const { store, repository, disk, first, before } = await onePoint();
  for (const at of [32, -1]) await damage(store, (await nodesOf(repository)).at(at));
  await checkRepository(repository, { level: 'quick' });
  change(disk, 'new', 96);
  const failing = {
    ...disk.asBackup(disk.takeChanges()),
    source: { read: () => Promise.reject(new Error('The disk is gone.')) },
  };
  const fresh = await reopened(store);
  const options = { resource: testResource, disks: [failing], previous: first };
  await expect(backupDisks(fresh, options)).rejects.toThrow('The disk is gone.');
  for (let round = 0; round < 2; round++) {
    await collectGarbage(fresh, { compactBelow: 0.99, abandonAfter: 0 });
    await expectWhole(store, new Map([[first, before]]));
  }
});

test('what cannot be made again hurts exactly the points that need it, and a check says which', async () => {
  const { store, repository, disk, first } = await onePoint();
  change(disk, 'second', 1040);
  const second = await backUp(repository, disk, first);
  change(disk, 'third', 96);
  const third = await backUp(repository, disk, second.pointId);
  // The leaf that the first two share, and what is above it in both.
  const lost = [...(await nodesOfPoint(repository, first)).slice(-3)];
  for (const node of [lost[0], lost[2], (await nodesOfPoint(repository, first)).at(3)])
    await damage(store, node);
  await checkRepository(repository, { level: 'quick' });
  change(disk, 'fourth', 112);
  const fourth = await backUp(await reopened(store), disk, third.pointId);
  const fresh = await reopened(store);
  const { findings } = await checkRepository(fresh, { level: 'deep' });
  const hurt = new Set(findings.flatMap((finding) => finding.affects.map((point) => point.pointId)));
  expect(hurt).toEqual(new Set([first, second.pointId]));
  expect((await restored(fresh, fourth.pointId)).equals(disk.bytes)).toBe(true);
});

test('a lost map pack costs the older points, not the next one', async () => {
  const { store, repository, disk, first } = await onePoint();
  const [node] = await nodesOf(repository);
  await store.delete(packName(node?.pack ?? ''));
  disk.write(5 * testBlock, seededBytes('changed', 900));
  const fresh = await reopened(store);
  const { pointId } = await backUp(fresh, disk, first);
  expect((await restored(fresh, pointId)).equals(disk.bytes)).toBe(true);
  await expect(restored(fresh, first)).rejects.toMatchObject({ code: 'damaged' });
});

test('a damaged map whose range became zero reads as zeros', async () => {
  const { store, repository, disk, first } = await onePoint();
  await damage(store, (await nodesOf(repository)).at(1));
  disk.bytes.fill(0, 32 * testBlock, 64 * testBlock);
  const fresh = await reopened(store);
  const range = { offset: 40 * testBlock, length: testBlock, cleared: true };
  const disks = [disk.asBackup([range])];
  const { pointId } = await backupDisks(fresh, { resource: testResource, disks, previous: first });
  expect((await restored(fresh, pointId)).equals(disk.bytes)).toBe(true);
});
