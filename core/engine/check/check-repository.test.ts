import { expect, test } from 'vitest';
import { AppError } from '../../contract/index.ts';
import { backupDisks } from '../backup/backup-disks.ts';
import type { BlobStore } from '../blob-store.ts';
import type { Repository } from '../model.ts';
import { openRepository } from '../repository/open-repository.ts';
import { faultyStore } from '../stores/faulty-store.ts';
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
import { checkRepository } from './check-repository.ts';

async function backUp(repository: Repository, disk: TestDisk, previous?: string): Promise<string> {
  const ranges = previous === undefined ? undefined : disk.takeChanges();
  const disks = [disk.asBackup(ranges)];
  return (await backupDisks(repository, { resource: testResource, disks, previous, packTarget: 256 * 1024 }))
    .pointId;
}

function fullDisk(blocks: number, seed: string): TestDisk {
  const disk = new TestDisk(blocks * testBlock);
  disk.write(0, seededBytes(seed, disk.bytes.length));
  disk.takeChanges();
  return disk;
}

async function replace(
  store: BlobStore,
  name: string,
  change: (bytes: Uint8Array) => Uint8Array,
): Promise<void> {
  const bytes = await store.get(name);
  await store.delete(name);
  await store.put(name, change(bytes));
}

function flip(at: number) {
  return (bytes: Uint8Array) => {
    bytes[at] = (bytes[at] ?? 0) ^ 4;
    return bytes;
  };
}

async function packsOf(store: BlobStore, kind: 'data' | 'map'): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of store.list('packs/')) {
    if (name.includes('/80') === (kind === 'map')) names.push(name);
  }
  return names;
}

async function twoPoints() {
  const store = memoryStore();
  const repository = await testRepository(store);
  const disk = fullDisk(24, 'a');
  const first = await backUp(repository, disk);
  disk.write(0, seededBytes('b', 4 * testBlock));
  const second = await backUp(repository, disk, first);
  return { store, repository, disk, first, second };
}

test('a sound repository has no findings, quick or deep', async () => {
  const { repository } = await twoPoints();
  for (const level of ['quick', 'deep'] as const) {
    const report = await checkRepository(repository, { level });
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ complete: true, pointsChecked: 2 });
  }
});

test('a damaged block is found deep, names whom it hurts, and is healed by the next backup', async () => {
  const { store, repository, disk, first, second } = await twoPoints();
  const [pack = ''] = await packsOf(store, 'data');
  const before = Buffer.from(await restored(repository, first));
  await replace(store, pack, flip(5000));
  const report = await checkRepository(repository, { level: 'deep' });
  expect(report.findings).toHaveLength(1);
  const affected = report.findings[0]?.affects.map((point) => point.pointId);
  expect(report.findings[0]?.object).toBe(pack);
  expect(affected).toContain(first);
  for (const point of [first, second]) {
    const hurt = await restored(repository, point).then(
      () => false,
      (error) => error.code === 'damaged',
    );
    expect(hurt).toBe(affected?.includes(point));
  }
  const whole = new TestDisk(before.length);
  whole.write(0, before);
  await backUp(repository, whole);
  expect((await restored(repository, first)).equals(before)).toBe(true);
  expect((await restored(repository, second)).equals(disk.bytes)).toBe(true);
  const healed = await checkRepository(repository, { level: 'deep' });
  expect(healed.findings.flatMap((finding) => finding.affects)).toEqual([]);
});

test('a check with read access reports what it found and says that it could not note it', async () => {
  const { store, repository } = await twoPoints();
  const [pack = ''] = await packsOf(store, 'data');
  await replace(store, pack, flip(5000));
  const refused = new AppError('permission-denied', { message: 'Read only.' });
  const readOnly = faultyStore(store, ({ operation }) =>
    operation === 'put' || operation === 'delete' ? { error: refused, takesEffect: false } : undefined,
  );
  const unlock = { kind: 'data-key', dataKey: repository.exportDataKey() } as const;
  const reader = await openRepository(readOnly, { unlock, deps: testDeps('reader'), threads: 0 });
  const report = await checkRepository(reader, { level: 'deep' });
  expect(report.findings.map((finding) => finding.object)).toEqual([pack]);
  expect(report.noted).toBe(false);
  for (let round = 0; round < 3; round++)
    await checkRepository(repository, { level: 'deep', startAfter: '0' });
  const lists: string[] = [];
  for await (const { name } of store.list('suspects/')) lists.push(name);
  expect(lists).toHaveLength(1);
});

test('an incremental backup reads damaged blocks again although they did not change', async () => {
  const { store, repository, disk, second } = await twoPoints();
  const packs = await packsOf(store, 'data');
  for (const pack of packs) await replace(store, pack, flip(100));
  await checkRepository(repository, { level: 'deep' });
  await expect(restored(repository, second)).rejects.toMatchObject({ code: 'damaged' });
  const third = await backUp(repository, disk, second);
  expect((await restored(repository, third)).equals(disk.bytes)).toBe(true);
  expect((await restored(repository, second)).equals(disk.bytes)).toBe(true);
});

test('a missing or shortened pack and a damaged map are found quickly', async () => {
  for (const harm of [
    (store: BlobStore, name: string) => store.delete(name),
    (store: BlobStore, name: string) => replace(store, name, (bytes) => bytes.subarray(0, bytes.length - 30)),
  ]) {
    for (const kind of ['data', 'map'] as const) {
      const { store, repository, first } = await twoPoints();
      const [pack = ''] = (await packsOf(store, kind)).slice(kind === 'map' ? 0 : -1);
      await harm(store, pack);
      const { findings } = await checkRepository(repository, { level: 'quick' });
      expect(findings.map((finding) => finding.object)).toContain(pack);
      if (kind === 'map') {
        expect(findings.flatMap((finding) => finding.affects.map((point) => point.pointId))).toBeDefined();
      }
      expect(first).toHaveLength(32);
    }
  }
});

test('a deep check can be cut into parts and sampled', async () => {
  const { store, repository } = await twoPoints();
  const packs = [...(await packsOf(store, 'data')), ...(await packsOf(store, 'map'))];
  let seen = 0;
  let startAfter: string | undefined;
  for (let part = 0; part < 50; part++) {
    const report = await checkRepository(repository, { level: 'deep', maxBytes: 1, startAfter });
    seen += report.packsChecked;
    startAfter = report.resumeAfter;
    if (report.complete) break;
  }
  expect(seen).toBe(packs.length);
  const sampled = await checkRepository(repository, { level: 'deep', sample: 0.4 });
  expect(sampled.packsChecked).toBeLessThan(packs.length);
});
