import { beforeAll, describe, expect, test } from 'vitest';
import type { BlobStore } from '../blob-store.ts';
import { collectGarbage } from '../collect/collect-garbage.ts';
import { kindOfName } from '../format/names.ts';
import { memoryStore } from '../stores/memory-store.ts';
import { seededBytes } from '../testing/engine-fixture.ts';
import { everyKind } from '../testing/every-kind.ts';
import { copyStore } from '../testing/snapshot-store.ts';
import { checkRepository } from './check-repository.ts';
import { checkWithoutKey } from './check-without-key.ts';

let sample: BlobStore;
let names: string[] = [];
beforeAll(async () => {
  sample = (await everyKind()).store;
  for await (const { name } of sample.list('')) names.push(name);
  names = names.sort();
});

async function replace(store: BlobStore, name: string, bytes: Uint8Array): Promise<void> {
  await store.delete(name);
  await store.put(name, bytes);
}

async function foundIn(store: BlobStore, level: 'quick' | 'deep' = 'quick'): Promise<string[]> {
  return (await checkWithoutKey(store, { level })).findings.map((finding) => finding.object);
}

test('a sound repository has no findings, and what is not known is said', async () => {
  expect(new Set(names.map(kindOfName))).toEqual(
    new Set([
      'header',
      'slot',
      'owner',
      'writer',
      'pack',
      'index',
      'point',
      'condemned',
      'waits',
      'moved',
      'suspects',
    ]),
  );
  for (const level of ['quick', 'deep'] as const) {
    const report = await checkWithoutKey(sample, { level });
    expect(report.findings).toEqual([]);
    expect(report.complete).toBe(true);
    expect(report.objectsChecked).toBe(names.length);
    expect(report.unknown.join(' ')).toContain('on purpose');
    expect(report.unknown.join(' ').includes('inside of')).toBe(level === 'quick');
  }
});

const harms: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  'one byte shorter': (bytes) => bytes.subarray(0, bytes.length - 1),
  'cut in half': (bytes) => bytes.subarray(0, bytes.length >> 1),
  empty: () => new Uint8Array(0),
  'one byte longer': (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]),
  'its beginning lost': (bytes) => bytes.subarray(7),
};

describe.each(Object.entries(harms))('an object that is %s', (_, harm) => {
  test('is found quickly, whichever it is', async () => {
    for (const name of names) {
      const store = await copyStore(sample);
      await replace(store, name, harm(await store.get(name)));
      expect(await foundIn(store), name).toContain(name);
    }
  });
});

test('an object under the name of another one of its kind is found quickly', async () => {
  for (const name of names) {
    const other = names.find((candidate) => candidate !== name && kindOfName(candidate) === kindOfName(name));
    if (other === undefined) continue;
    const store = await copyStore(sample);
    await replace(store, other, await sample.get(name));
    expect(await foundIn(store), `${name} as ${other}`).toContain(other);
  }
});

test('an object that was given a new name of its kind is found quickly', async () => {
  for (const name of names.filter((candidate) => candidate !== 'cairn')) {
    const renamed = name.replace(/[0-9a-f](?=(\.waits)?$)/, (digit) => (digit === '7' ? '6' : '7'));
    const store = await copyStore(sample);
    await store.put(renamed, await sample.get(name));
    await store.delete(name);
    expect(kindOfName(renamed)).toBe(kindOfName(name));
    const found = await foundIn(store);
    expect(found, `${name} as ${renamed}`).toContain(renamed);
  }
});

test('what somebody else put there is found and not read', async () => {
  for (const foreign of ['thumbs.db', 'packs/readme', 'points/x', 'packs/0/1', `index/${'g'.repeat(32)}`]) {
    const store = await copyStore(sample);
    await store.put(foreign, new Uint8Array(9));
    expect(await foundIn(store)).toEqual([foreign]);
    const repository = await testRepositoryFrom(store);
    const report = await checkRepository(repository, { level: 'quick' });
    expect(report.findings.map((finding) => finding.object)).toEqual([foreign]);
    await collectGarbage(repository);
    expect(await store.head(foreign)).toBeDefined();
  }
});

async function testRepositoryFrom(store: BlobStore) {
  const { openRepository } = await import('../repository/open-repository.ts');
  const { testDeps, testPassword } = await import('../testing/engine-fixture.ts');
  const unlock = { kind: 'password', password: testPassword } as const;
  return openRepository(store, { unlock, deps: testDeps('again'), threads: 0 });
}

test('of what is missing, that which names call for is found', async () => {
  const store = await copyStore(sample);
  await store.delete('cairn');
  await store.delete('owner/00000001');
  expect(await foundIn(store)).toEqual(expect.arrayContaining(['cairn', 'owner/00000002']));
  const locked = await copyStore(sample);
  for (const name of names.filter((candidate) => kindOfName(candidate) === 'slot')) await locked.delete(name);
  expect(await foundIn(locked)).toEqual(['keys/']);
  await expect(checkWithoutKey(memoryStore(), { level: 'quick' })).rejects.toMatchObject({
    code: 'not-found',
  });
});

test('a flipped bit anywhere in a sealed object, and deep in a pack, is found', async () => {
  const flippable = names.filter(
    (name) => !['header', 'slot', 'owner', 'writer'].includes(kindOfName(name) ?? ''),
  );
  for (let flip = 0; flip < 200; flip++) {
    const name = flippable[flip % flippable.length] ?? '';
    const bytes = await sample.get(name);
    const at = Buffer.from(seededBytes(`${flip}`, 4)).readUInt32LE() % bytes.length;
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (flip & 7));
    const store = await copyStore(sample);
    await replace(store, name, bytes);
    expect(await foundIn(store, 'deep'), `byte ${at} of ${name}`).toContain(name);
  }
});

test('it can be cut into parts', async () => {
  const packs = names.filter((name) => kindOfName(name) === 'pack').length;
  let seen = 0;
  let startAfter: string | undefined;
  for (let part = 0; part < packs; part++) {
    const report = await checkWithoutKey(sample, { level: 'deep', maxBytes: 1, startAfter });
    seen += report.packsChecked;
    startAfter = report.resumeAfter;
    if (report.complete) break;
  }
  expect(seen).toBe(packs);
  await expect(checkWithoutKey(sample, { level: 'deep', sample: 0 })).rejects.toMatchObject({
    code: 'invalid-input',
  });
});
