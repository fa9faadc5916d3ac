import { expect, test } from 'vitest';
import { AppError } from '../../contract/index.ts';
import { backupDisks } from '../backup/backup-disks.ts';
import type { BlobStore } from '../blob-store.ts';
import { checkRepository } from '../check/check-repository.ts';
import { collectGarbage } from '../collect/collect-garbage.ts';
import { deriveKeys } from '../crypto/repository-keys.ts';
import { decodeCheckedText } from '../format/checked-text.ts';
import { readIndexRecords } from '../format/index-object.ts';
import { decodeManifest } from '../format/manifest.ts';
import { decodeNode } from '../format/map-node.ts';
import { decodeMoved } from '../format/moved.ts';
import { decodeTrailer } from '../format/pack.ts';
import { openObject } from '../format/sealed-object.ts';
import type { Repository } from '../model.ts';
import { deletePoint } from '../points/delete-point.ts';
import { openRepository } from '../repository/open-repository.ts';
import { claimOwnership } from '../repository/owner.ts';
import { memoryStore } from '../stores/memory-store.ts';
import {
  restored,
  seededBytes,
  TestDisk,
  testBlock,
  testDeps,
  testRepository,
  testResource,
} from './engine-fixture.ts';
import { copyStore } from './snapshot-store.ts';

/** `CAIRN_TEST_FULL=1` runs the full numbers; the default is a tenth of them. */
const full = process.env['CAIRN_TEST_FULL'] === '1';
const flips = full ? 1000 : 100;
const mutations = 10_000;

interface Sample {
  readonly store: BlobStore;
  readonly dataKey: Uint8Array;
  /** Points and what their disks hold. */
  readonly points: ReadonlyMap<string, Buffer>;
}

/** Two points, an owner, and blocks that compaction moved: every kind of object there is. */
async function sampleRepository(): Promise<Sample> {
  const store = memoryStore();
  const repository = await testRepository(store);
  await claimOwnership(store, { owner: { installationId: 'a', displayName: 'A', since: '2026-01-01' } });
  const points = new Map<string, Buffer>();
  const disk = new TestDisk(16 * testBlock);
  let previous: string | undefined;
  for (let version = 0; version < 3; version++) {
    for (let block = 0; block < 16; block += version + 1) {
      disk.write(block * testBlock, seededBytes(`${version}/${block}`, 900));
    }
    const changes = disk.takeChanges();
    const ranges = previous === undefined ? undefined : changes;
    const disks = [disk.asBackup(ranges)];
    const options = { resource: testResource, disks, previous, packTarget: 3000 };
    previous = (await backupDisks(repository, options)).pointId;
    points.set(previous, Buffer.from(disk.bytes));
  }
  const [first = ''] = points.keys();
  await deletePoint(repository, first);
  points.delete(first);
  await collectGarbage(repository, { compactBelow: 0.95 });
  return { store, dataKey: repository.exportDataKey(), points };
}

function reopen(store: BlobStore, dataKey: Uint8Array): Promise<Repository> {
  return openRepository(store, { unlock: { kind: 'data-key', dataKey }, deps: testDeps(), threads: 0 });
}

async function namesOf(store: BlobStore): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of store.list('')) names.push(name);
  return names;
}

/** Whether a restore of this point gives its bytes or refuses; anything else is the worst there is. */
async function isReadable(repository: Repository, point: string, bytes: Buffer): Promise<boolean> {
  try {
    expect((await restored(repository, point)).equals(bytes)).toBe(true);
    return true;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'damaged') return false;
    throw thrown;
  }
}

test('every flipped bit in any object is found, named with the right points, and never read as data', {
  timeout: 600_000,
}, async () => {
  const sample = await sampleRepository();
  const names = await namesOf(sample.store);
  expect(new Set(names.map((name) => name.split('/')[0]))).toEqual(
    new Set(['cairn', 'keys', 'owner', 'packs', 'index', 'points', 'moved']),
  );
  for (let flip = 0; flip < flips; flip++) {
    const random = Buffer.from(seededBytes(`flip ${flip}`, 12));
    const name = names[flip % names.length] ?? '';
    const store = await copyStore(sample.store);
    const bytes = await store.get(name);
    const at = random.readUInt32LE(4) % bytes.length;
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (random.readUInt8(8) & 7));
    await store.delete(name);
    await store.put(name, bytes);
    const opening = await reopen(store, sample.dataKey).catch((error: AppError) => error);
    if (opening instanceof AppError) {
      expect(name, `bit in byte ${at}`).toBe('cairn');
      continue;
    }
    const { findings } = await checkRepository(opening, { level: 'deep' });
    expect(
      findings.map((finding) => finding.object),
      `byte ${at} of ${name}`,
    ).toContain(name);
    const affected = new Set(findings.flatMap((finding) => finding.affects.map((point) => point.pointId)));
    for (const [point, content] of sample.points) {
      expect(await isReadable(opening, point, content), `byte ${at} of ${name}`).toBe(!affected.has(point));
    }
  }
});

/** Deterministic damage of many kinds: flips, cuts, growth, splices. */
function mutate(bytes: Uint8Array, seed: number): Uint8Array {
  const random = Buffer.from(seededBytes(`mutation ${seed}`, 16));
  const at = random.readUInt32LE(0) % Math.max(1, bytes.length);
  const copy = Uint8Array.from(bytes);
  switch (random.readUInt8(4) % 5) {
    case 0:
      return copy.subarray(0, at);
    case 1:
      return Buffer.concat([copy, random]);
    case 2:
      copy.set(random.subarray(0, Math.min(16, copy.length - at)), at);
      return copy;
    case 3:
      return Buffer.concat([copy.subarray(0, at), random.subarray(5, 9), copy.subarray(at)]);
    default:
      copy[at] = (copy[at] ?? 0) + 1;
      return copy;
  }
}

function expectAppError(object: string, work: () => unknown): void {
  try {
    work();
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    expect(['damaged', 'not-supported']).toContain(thrown.code);
    if (thrown.code === 'damaged') expect(thrown.details['object']).toBe(object);
  }
}

test('mutated objects give an error with their name, never a crash', { timeout: 120_000 }, async () => {
  const sample = await sampleRepository();
  const keys = deriveKeys(sample.dataKey);
  const objects = await Promise.all(
    (await namesOf(sample.store)).map(async (name) => ({ name, bytes: await sample.store.get(name) })),
  );
  for (let round = 0; round < mutations; round++) {
    const { name, bytes } = objects[round % objects.length] ?? { name: '', bytes: new Uint8Array(0) };
    const mutated = mutate(bytes, round);
    expectAppError(name, () => {
      if (/^(cairn|keys|owner)/.test(name)) decodeCheckedText(mutated, name);
      else if (name.startsWith('packs/')) {
        decodeTrailer(mutated.subarray(-16), { packId: name.slice(6), size: mutated.length });
      } else openObject(name, mutated, keys);
    });
  }
});

test('decoders refuse mutated plain bytes too, so that a seal is not their only protection', () => {
  const object = 'points/x';
  const seeds: readonly { readonly bytes: Uint8Array; decode(bytes: Uint8Array): unknown }[] = [
    { bytes: seededBytes('node', 900), decode: (bytes) => decodeNode(bytes, 0, object) },
    { bytes: seededBytes('index', 900), decode: (bytes) => [...readIndexRecords(bytes, object)] },
    {
      bytes: Buffer.concat([Buffer.alloc(4, 3), seededBytes('moved', 300)]),
      decode: (bytes) => decodeMoved(bytes, object),
    },
    {
      bytes: Buffer.from('{"version":1,"id":"x","disks":[]}'),
      decode: (bytes) => decodeManifest(bytes, object),
    },
  ];
  for (let round = 0; round < 2000; round++) {
    for (const { bytes, decode } of seeds) expectAppError(object, () => decode(mutate(bytes, round)));
  }
});
