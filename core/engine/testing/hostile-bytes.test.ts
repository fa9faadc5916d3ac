import { expect, test } from 'vitest';
import { AppError } from '../../contract/index.ts';
import type { BlobStore } from '../blob-store.ts';
import { checkObjects } from '../check/check-objects.ts';
import { checkPack } from '../check/check-pack.ts';
import { checkRepository } from '../check/check-repository.ts';
import { ExpectedBlocks } from '../check/expected-blocks.ts';
import { PackBuffers } from '../check/pack-buffers.ts';
import { FindingList } from '../check/report.ts';
import { decodeCheckedText } from '../format/checked-text.ts';
import { readIndexRecords } from '../format/index-object.ts';
import { decodeManifest } from '../format/manifest.ts';
import { decodeNode, encodeNode } from '../format/map-node.ts';
import { decodeMoved } from '../format/moved.ts';
import { kindOfName, packIdFromName } from '../format/names.ts';
import { openObject } from '../format/sealed-object.ts';
import type { Repository } from '../model.ts';
import { PackNumbers } from '../packs/pack-numbers.ts';
import { openRepository } from '../repository/open-repository.ts';
import { OpenRepository, opened } from '../repository/open-state.ts';
import { memoryStore } from '../stores/memory-store.ts';
import { restored, seededBytes, testDeps } from './engine-fixture.ts';
import { everyKind, type Sample } from './every-kind.ts';
import { copyStore } from './snapshot-store.ts';

const flips = 1000;
const mutations = 10_000;

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
  timeout: 900_000,
}, async () => {
  const sample = await everyKind();
  const names = await namesOf(sample.store);
  expect(new Set(names.map(kindOfName)).size).toBe(11);
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

/** Finds out what a health check says of one object, alone in a store. */
async function trouble(
  repository: OpenRepository,
  name: string,
  bytes: Uint8Array,
): Promise<string | undefined> {
  const store = memoryStore();
  await store.put(name, bytes);
  const alone = new OpenRepository({
    store,
    header: repository.header,
    dataKey: repository.keys.dataKey,
    options: { deps: repository.deps, threads: 0 },
  });
  const packId = packIdFromName(name);
  if (packId !== undefined) {
    const expected = new ExpectedBlocks(new PackNumbers());
    const job = { packId, size: bytes.length, level: 'deep', expected, buffers } as const;
    return (await checkPack(alone, job)).trouble;
  }
  const findings = new FindingList();
  const info = { name, size: bytes.length, modifiedAt: new Date(0) };
  await checkObjects(alone, { objects: [info], findings, signal: undefined });
  return findings.toArray().find((finding) => finding.object === name)?.reason;
}

const buffers = new PackBuffers(64 * 1024);

test('ten thousand mutated objects are each refused by name, in bounded memory', {
  timeout: 240_000,
}, async () => {
  const sample = await everyKind();
  const repository = opened(await reopen(sample.store, sample.dataKey));
  const objects = await Promise.all(
    (await namesOf(sample.store)).map(async (name) => ({ name, bytes: await sample.store.get(name) })),
  );
  for (const { name, bytes } of objects) expect(await trouble(repository, name, bytes), name).toBeUndefined();
  const before = process.memoryUsage.rss();
  for (let round = 0; round < mutations; round++) {
    const { name, bytes } = objects[round % objects.length] ?? { name: '', bytes: new Uint8Array(0) };
    const mutated = mutate(bytes, round);
    expect(await trouble(repository, name, mutated), `mutation ${round} of ${name}`).toBeDefined();
    expectAppError(name, () => {
      if (/^(cairn|keys|owner|writers)/.test(name)) decodeCheckedText(mutated, name);
      else if (!name.startsWith('packs/')) openObject(name, mutated, repository.keys);
    });
  }
  expect(process.memoryUsage.rss() - before).toBeLessThan(256 * 1024 * 1024);
});

/** What is inside sealed objects, for decoders to be tried on as if somebody with the key had changed it. */
async function plainObjects(sample: Sample): Promise<{ name: string; plain: Uint8Array }[]> {
  const repository = opened(await reopen(sample.store, sample.dataKey));
  const found: { name: string; plain: Uint8Array }[] = [];
  for (const name of await namesOf(sample.store)) {
    if (!/^(points|index|moved)/.test(name)) continue;
    found.push({ name, plain: openObject(name, await sample.store.get(name), repository.keys).plain });
  }
  return found;
}

test('decoders refuse mutated plain bytes too, so that a seal is not their only protection', async () => {
  const objects = await plainObjects(await everyKind());
  const node = encodeNode({ level: 0, children: Array.from({ length: 32 }, (_, slot) => nodeChild(slot)) });
  const decoders: Record<string, (name: string, plain: Uint8Array) => unknown> = {
    points: (name, plain) => decodeManifest(plain, name),
    index: (name, plain) => [...readIndexRecords(plain, name)],
    moved: (name, plain) => decodeMoved(plain, name),
    node: (name, plain) => decodeNode(plain, 0, name),
  };
  const seeds = [...objects, { name: 'node', plain: node }];
  for (let round = 0; round < mutations; round++) {
    const { name, plain } = seeds[round % seeds.length] ?? { name: '', plain: node };
    const decode = decoders[name.split('/')[0] ?? ''];
    expectAppError(name, () => decode?.(name, mutate(plain, round)));
  }
});

function nodeChild(slot: number) {
  const pack = `${'ab'.repeat(16)}/0000000${slot % 3}`;
  return { id: seededBytes(`${slot}`, 32), pack, slot, offset: slot, length: 9, plainLength: 9, encoding: 0 };
}
