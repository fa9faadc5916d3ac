import { expect, test } from 'vitest';
import { AppError } from '../../contract/index.ts';
import type { BlobStore } from '../blob-store.ts';
import { checkRepository } from '../check/check-repository.ts';
import { checkWithoutKey } from '../check/check-without-key.ts';
import type { KeyFile, Repository } from '../model.ts';
import { createRepository } from '../repository/create-repository.ts';
import {
  addKeySlot,
  inspectKeySlots,
  listKeySlots,
  newKeyFile,
  removeKeySlot,
} from '../repository/key-slots.ts';
import { openRepository } from '../repository/open-repository.ts';
import { countingStore } from '../stores/counting-store.ts';
import { memoryStore } from '../stores/memory-store.ts';
import { seededBytes, testDeps, testPassword, testRepository } from '../testing/engine-fixture.ts';
import { encodeCheckedText } from './checked-text.ts';

const deps = testDeps('key files');
const password = { kind: 'password', password: testPassword } as const;

function open(store: BlobStore, keyFile: KeyFile): Promise<Repository> {
  return openRepository(store, { unlock: { kind: 'key-file', keyFile }, deps, threads: 0 });
}

async function withKeyFile() {
  const store = memoryStore();
  const repository = await testRepository(store);
  const keyFile = newKeyFile(repository);
  await addKeySlot(repository, { unlock: { kind: 'key-file', keyFile }, label: 'nightly' });
  return { store, repository, keyFile };
}

async function replace(store: BlobStore, name: string, bytes: Uint8Array): Promise<void> {
  await store.delete(name);
  await store.put(name, bytes);
}

async function slotJson(store: BlobStore, id: string): Promise<Record<string, unknown>> {
  const [line = ''] = Buffer.from(await store.get(`keys/${id}`))
    .toString('utf8')
    .split('\n');
  return JSON.parse(line);
}

test('a key file opens the repository beside the password, from its own slot and nothing more', async () => {
  const { store, repository, keyFile } = await withKeyFile();
  const counted = countingStore(store);
  const opened = await open(counted, keyFile);
  expect(opened.exportDataKey()).toEqual(repository.exportDataKey());
  expect(counted.counts()).toMatchObject({ reads: 2, lists: 0 });
  await openRepository(store, { unlock: password, deps, threads: 0 });
  const slot = { id: keyFile.slot, kind: 'key-file', label: 'nightly' };
  expect(await inspectKeySlots(store)).toContainEqual(expect.objectContaining(slot));
  expect((await checkRepository(opened, { level: 'deep' })).findings).toEqual([]);
  expect((await checkWithoutKey(store, { level: 'deep' })).findings).toEqual([]);
});

test('a wrong file is told apart: of another repository, of a slot taken away, of another secret', async () => {
  const { store, repository, keyFile } = await withKeyFile();
  const refused = (file: KeyFile) =>
    expect(open(store, file)).rejects.toMatchObject({ code: 'wrong-password' });
  await refused({ ...keyFile, repository: 'a'.repeat(32) });
  await refused({ ...keyFile, secret: seededBytes('other', 32) });
  await refused(newKeyFile(repository));
  const [other] = (await listKeySlots(repository)).filter(({ kind }) => kind === 'password');
  await refused({ ...keyFile, slot: other?.id ?? '' });
  await removeKeySlot(repository, keyFile.slot);
  await refused(keyFile);
});

test('a file opens one repository and one slot, and adds one slot', async () => {
  const { store, repository, keyFile } = await withKeyFile();
  const unlock = { kind: 'key-file', keyFile } as const;
  await expect(addKeySlot(repository, { unlock })).rejects.toMatchObject({ code: 'already-exists' });
  const elsewhere = { ...keyFile, repository: 'b'.repeat(32) };
  await expect(
    addKeySlot(repository, { unlock: { kind: 'key-file', keyFile: elsewhere } }),
  ).rejects.toMatchObject({ code: 'invalid-input' });
  const moved = { ...keyFile, slot: 'c'.repeat(32) };
  const json = { ...(await slotJson(store, keyFile.slot)), id: moved.slot };
  await store.put(`keys/${moved.slot}`, encodeCheckedText(json));
  await expect(open(store, moved)).rejects.toMatchObject({ code: 'wrong-password' });
});

test('the last slot stays, and a slot of an unknown kind does not count as one', async () => {
  const { store, repository, keyFile } = await withKeyFile();
  const slots = await listKeySlots(repository);
  const later = { ...(await slotJson(store, keyFile.slot)), id: 'd'.repeat(32), kind: 'smart-card' };
  await store.put(`keys/${later.id}`, encodeCheckedText(later));
  for (const { id } of slots.filter(({ kind }) => kind === 'password')) await removeKeySlot(repository, id);
  await open(store, keyFile);
  await expect(removeKeySlot(repository, keyFile.slot)).rejects.toMatchObject({ code: 'conflict' });
});

test('a slot of a kind that a later build adds stops nobody and is not damage', async () => {
  const { store, repository, keyFile } = await withKeyFile();
  const later = { ...(await slotJson(store, keyFile.slot)), id: '0'.repeat(32), kind: 'smart-card', pin: 4 };
  await store.put(`keys/${later.id}`, encodeCheckedText(later));
  const opened = await openRepository(store, { unlock: password, deps, threads: 0 });
  await open(store, keyFile);
  const wrong = { kind: 'password', password: 'wrong' } as const;
  await expect(openRepository(store, { unlock: wrong, deps, threads: 0 })).rejects.toMatchObject({
    code: 'wrong-password',
  });
  expect((await listKeySlots(repository)).map(({ kind }) => kind)).toContain('unknown');
  expect((await checkRepository(opened, { level: 'deep' })).findings).toEqual([]);
  expect((await checkWithoutKey(store, { level: 'deep' })).findings).toEqual([]);
  await removeKeySlot(repository, later.id);
  expect((await listKeySlots(repository)).map(({ kind }) => kind)).not.toContain('unknown');
});

test('no changed slot opens: what was not done on purpose is damage', async () => {
  const { store, repository, keyFile } = await withKeyFile();
  const name = `keys/${keyFile.slot}`;
  const bytes = await store.get(name);
  for (let bit = 0; bit < bytes.length * 8; bit += 7) {
    const flipped = Uint8Array.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await replace(store, name, flipped);
    await expect(open(store, keyFile), `bit ${bit}`).rejects.toMatchObject({ code: 'damaged' });
  }
  await openRepository(store, { unlock: password, deps, threads: 0 });
  expect((await checkRepository(repository, { level: 'deep' })).findings).toHaveLength(1);
});

test('fields changed on purpose open nothing and never anything but our errors', async () => {
  const { store, keyFile } = await withKeyFile();
  const name = `keys/${keyFile.slot}`;
  const json = await slotJson(store, keyFile.slot);
  const values = [null, 1, '', 'ff', 'z'.repeat(64), 'a'.repeat(24), 'a'.repeat(64), 'a'.repeat(96), {}, []];
  const fields = ['cairn', 'version', 'id', 'repository', 'kind', 'verifier', 'nonce', 'wrapped'];
  for (const field of fields) {
    for (const value of values.filter((candidate) => candidate !== json[field])) {
      await replace(store, name, encodeCheckedText({ ...json, [field]: value }));
      const outcome = await open(store, keyFile).catch((error: unknown) => error);
      if (!(outcome instanceof AppError)) throw new Error(`${field} = ${JSON.stringify(value)} opens.`);
      expect(['damaged', 'wrong-password']).toContain(outcome.code);
    }
  }
});

test('an open repository takes no key file: it would only pretend to protect', async () => {
  const store = memoryStore();
  const repository = await createRepository(store, { unlock: { kind: 'none' }, deps });
  const unlock = { kind: 'key-file', keyFile: newKeyFile(repository) } as const;
  await expect(addKeySlot(repository, { unlock })).rejects.toMatchObject({ code: 'not-supported' });
});
