import { expect, test } from 'vitest';
import { AppError } from '../../contract/index.ts';
import type { BlobStore } from '../blob-store.ts';
import type { KeyWrap } from '../model.ts';
import { memoryStore } from '../stores/memory-store.ts';
import { testCost, testDeps, testPassword, testRepository } from '../testing/engine-fixture.ts';
import { createRepository } from './create-repository.ts';
import { inspectRepository } from './inspect-repository.ts';
import { addKeySlot, changePassword, listKeySlots, removeKeySlot } from './key-slots.ts';
import { openRepository } from './open-repository.ts';
import { claimOwnership, readOwner, releaseOwnership, requireOwnership } from './owner.ts';

const deps = testDeps('repository tests');

function open(store: BlobStore, password = testPassword) {
  return openRepository(store, { unlock: { kind: 'password', password }, deps, threads: 0 });
}

async function firstName(store: BlobStore, prefix: string): Promise<string> {
  for await (const { name } of store.list(prefix)) return name;
  return '';
}

async function damage(store: BlobStore, name: string, change: (text: string) => string): Promise<void> {
  const text = Buffer.from(await store.get(name)).toString('utf8');
  await store.delete(name);
  await store.put(name, Buffer.from(change(text), 'utf8'));
}

test('a repository opens with its password and with its data key, and with nothing else', async () => {
  const store = memoryStore();
  const made = await testRepository(store);
  const again = await open(store);
  expect(again.header).toEqual(made.header);
  expect(Buffer.from(again.exportDataKey()).equals(made.exportDataKey())).toBe(true);
  const byKey = await openRepository(store, {
    unlock: { kind: 'data-key', dataKey: made.exportDataKey() },
    deps,
  });
  expect(byKey.header.id).toBe(made.header.id);
  await expect(open(store, 'something else')).rejects.toMatchObject({ code: 'wrong-password' });
  await expect(
    openRepository(store, { unlock: { kind: 'data-key', dataKey: new Uint8Array(32) }, deps }),
  ).rejects.toMatchObject({ code: 'wrong-password' });
  await expect(openRepository(store, { unlock: { kind: 'none' }, deps })).rejects.toMatchObject({
    code: 'wrong-password',
  });
});

test('the same password typed on another keyboard is the same password', async () => {
  const store = memoryStore();
  await createRepository(store, {
    unlock: { kind: 'password', password: 'caf\u00e9' },
    deps,
    passwordCost: testCost,
  });
  await open(store, 'cafe\u0301');
});

test('an unencrypted repository opens for anybody and says so', async () => {
  const store = memoryStore();
  const made = await createRepository(store, { unlock: { kind: 'none' }, deps });
  expect(made.header.encrypted).toBe(false);
  await openRepository(store, { unlock: { kind: 'none' }, deps });
  await expect(addKeySlot(made, { unlock: { kind: 'password', password: 'late' } })).rejects.toMatchObject({
    code: 'not-supported',
  });
});

test('what is there is told without a key', async () => {
  const store = memoryStore();
  expect(await inspectRepository(store)).toEqual({ state: 'empty' });
  await expect(open(store)).rejects.toMatchObject({ code: 'not-found' });
  const made = await testRepository(store);
  expect(await inspectRepository(store)).toEqual({
    state: 'repository',
    header: made.header,
    owner: undefined,
  });
  await expect(testRepository(store)).rejects.toMatchObject({ code: 'already-exists' });
  const foreign = memoryStore();
  await foreign.put('holiday.jpg', new Uint8Array(3));
  expect(await inspectRepository(foreign)).toEqual({ state: 'foreign', example: 'holiday.jpg' });
  await expect(testRepository(foreign)).rejects.toMatchObject({ code: 'repository-foreign' });
  await expect(open(foreign)).rejects.toMatchObject({ code: 'repository-foreign' });
});

test('of two creators at once one wins and its repository opens', async () => {
  for (let round = 0; round < 3; round++) {
    const store = memoryStore();
    const results = await Promise.allSettled([
      testRepository(store),
      testRepository(store),
      testRepository(store),
    ]);
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    await open(store);
  }
});

test('damage is told apart from a wrong password', async () => {
  for (const prefix of ['cairn', 'keys/']) {
    const store = memoryStore();
    await testRepository(store);
    const name = await firstName(store, prefix);
    await damage(store, name, (text) => text.replace('version":1', 'version":3'));
    await expect(open(store)).rejects.toMatchObject({ code: 'damaged', details: { object: name } });
  }
});

test('a header that somebody changed on purpose is not believed', async () => {
  const [ours, theirs] = [memoryStore(), memoryStore()];
  await testRepository(ours);
  await createRepository(theirs, { unlock: { kind: 'none' }, deps });
  const header = await theirs.get('cairn');
  await ours.delete('cairn');
  await ours.put('cairn', header);
  await expect(open(ours)).rejects.toBeInstanceOf(AppError);
});

test('a newer format is refused with its version', async () => {
  const store = memoryStore();
  const { createHash } = await import('node:crypto');
  const line = JSON.stringify({ cairn: 'repository', version: 2 });
  const sum = createHash('sha256').update(line).digest('hex');
  await store.put('cairn', Buffer.from(`${line}\n${sum}\n`));
  await expect(open(store)).rejects.toMatchObject({ code: 'not-supported', details: { version: '2' } });
});

test('passwords are added, changed and removed without touching anything else', async () => {
  const store = memoryStore();
  const repository = await testRepository(store);
  const second = {
    unlock: { kind: 'password', password: 'second' } as const,
    passwordCost: testCost,
    label: 'spare',
  };
  const id = await addKeySlot(repository, second);
  expect((await listKeySlots(repository)).map((slot) => slot.label).sort()).toEqual(['', 'spare']);
  await open(store, 'second');
  const third = { unlock: { kind: 'password', password: 'third' } as const, passwordCost: testCost };
  await changePassword(repository, { ...third, slotId: id });
  await expect(open(store, 'second')).rejects.toMatchObject({ code: 'wrong-password' });
  await open(store, 'third');
  await open(store);
  for (const slot of (await listKeySlots(repository)).slice(1)) await removeKeySlot(repository, slot.id);
  const [last] = await listKeySlots(repository);
  await expect(removeKeySlot(repository, last?.id ?? '')).rejects.toMatchObject({ code: 'conflict' });
  await expect(removeKeySlot(repository, 'f'.repeat(32))).rejects.toMatchObject({ code: 'not-found' });
});

test('a key in a vault opens its slot', async () => {
  const vault: KeyWrap = {
    keyId: 'https://vault.example/keys/one',
    wrap: async (key) => key.map((byte) => byte ^ 0x5a),
    unwrap: async (wrapped) => wrapped.map((byte) => byte ^ 0x5a),
  };
  const store = memoryStore();
  const repository = await createRepository(store, { unlock: { kind: 'key-wrap', keyWrap: vault }, deps });
  const again = await openRepository(store, { unlock: { kind: 'key-wrap', keyWrap: vault }, deps });
  expect(again.header.id).toBe(repository.header.id);
  await expect(
    openRepository(store, { unlock: { kind: 'key-wrap', keyWrap: { ...vault, keyId: 'other' } }, deps }),
  ).rejects.toMatchObject({ code: 'wrong-password' });
});

test('one installation owns a repository until it gives it up or another takes over', async () => {
  const store = memoryStore();
  const ours = { installationId: 'a', displayName: 'Anna', since: '2026-01-01T00:00:00Z' };
  const theirs = { installationId: 'b', displayName: 'Berta', since: '2026-01-02T00:00:00Z' };
  await claimOwnership(store, { owner: ours });
  await claimOwnership(store, { owner: ours });
  await expect(claimOwnership(store, { owner: theirs })).rejects.toMatchObject({
    code: 'repository-owned',
    details: { displayName: 'Anna' },
  });
  await claimOwnership(store, { owner: theirs, takeOver: true });
  await expect(requireOwnership(store, 'a')).rejects.toMatchObject({ code: 'repository-owned' });
  await releaseOwnership(store, 'a');
  expect(await readOwner(store)).toEqual(theirs);
  await releaseOwnership(store, 'b');
  expect(await readOwner(store)).toBeUndefined();
  const race = await Promise.allSettled([
    claimOwnership(store, { owner: ours }),
    claimOwnership(store, { owner: theirs }),
  ]);
  expect(race.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
});
