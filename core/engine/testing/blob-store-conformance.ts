import { expect, test } from 'vitest';
import { AppError } from '../../contract/index.ts';
import type { BlobStore } from '../blob-store.ts';
import { readInto } from '../stores/read-into.ts';

/**
 * What every `BlobStore` must do. Call it inside a `describe`; `make` gives a fresh, empty store.
 */
export function blobStoreConformance(make: () => BlobStore | Promise<BlobStore>): void {
  test('an object reads back as it was put, whole and in ranges', async () => {
    const store = await make();
    const bytes = pattern(70_000);
    await store.put('packs/a1/0001', bytes);
    expect(Buffer.from(await store.get('packs/a1/0001')).equals(bytes)).toBe(true);
    const part = await store.get('packs/a1/0001', { offset: 65_530, length: 20 });
    expect([...part]).toEqual([...bytes.subarray(65_530, 65_550)]);
  });

  test('a range past the end gives what there is', async () => {
    const store = await make();
    await store.put('a', pattern(100));
    expect((await store.get('a', { offset: 90, length: 50 })).length).toBe(10);
    expect((await store.get('a', { offset: 100, length: 1 })).length).toBe(0);
    expect((await store.get('a', { offset: 5_000, length: 10 })).length).toBe(0);
  });

  test('bytes are read into memory of the caller, as many as there are', async () => {
    const store = await make();
    const bytes = pattern(300);
    await store.put('into', bytes);
    const target = new Uint8Array(new SharedArrayBuffer(100));
    expect(await readInto(store, { name: 'into', offset: 50, target })).toBe(100);
    expect([...target]).toEqual([...bytes.subarray(50, 150)]);
    expect(await readInto(store, { name: 'into', offset: 290, target })).toBe(10);
    expect([...target.subarray(0, 10)]).toEqual([...bytes.subarray(290)]);
    expect(await readInto(store, { name: 'into', offset: 300, target })).toBe(0);
    const missing = readInto(store, { name: 'nothing', offset: 0, target });
    await expect(missing).rejects.toMatchObject({ code: 'not-found' });
  });

  test('parts are stored one after another', async () => {
    const store = await make();
    await store.put('parts', [pattern(3), new Uint8Array(0), pattern(5)]);
    expect([...(await store.get('parts'))]).toEqual([...pattern(3), ...pattern(5)]);
  });

  test('an empty object is an object', async () => {
    const store = await make();
    await store.put('empty', new Uint8Array(0));
    expect((await store.get('empty')).length).toBe(0);
    expect((await store.head('empty'))?.size).toBe(0);
  });

  test('the store keeps its own copy of the bytes', async () => {
    const store = await make();
    const bytes = pattern(16);
    await store.put('copy', bytes);
    bytes.fill(0);
    const first = await store.get('copy');
    expect([...first]).toEqual([...pattern(16)]);
    first.fill(0);
    expect([...(await store.get('copy'))]).toEqual([...pattern(16)]);
  });

  test('a name is written once', async () => {
    const store = await make();
    await store.put('once', pattern(4));
    await expect(store.put('once', pattern(9))).rejects.toMatchObject({ code: 'already-exists' });
    expect((await store.get('once')).length).toBe(4);
  });

  test('of many concurrent writers of one name exactly one wins', async () => {
    const store = await make();
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) => store.put('race', new Uint8Array(8).fill(index))),
    );
    const won = results.flatMap((result, index) => (result.status === 'fulfilled' ? [index] : []));
    expect(won).toHaveLength(1);
    expect([...(await store.get('race'))]).toEqual(Array(8).fill(won[0]));
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'already-exists' });
    }
  });

  test('what is not there is told as such', async () => {
    const store = await make();
    await expect(store.get('nothing')).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.get('nothing', { offset: 0, length: 4 })).rejects.toMatchObject({ code: 'not-found' });
    expect(await store.head('nothing')).toBeUndefined();
    await store.delete('nothing');
  });

  test('a deleted name can be written again', async () => {
    const store = await make();
    await store.put('again', pattern(4));
    await store.delete('again');
    expect(await store.head('again')).toBeUndefined();
    await store.put('again', pattern(6));
    expect((await store.get('again')).length).toBe(6);
  });

  test('listing gives names with their sizes, in order, of one prefix', async () => {
    const store = await make();
    for (const name of ['b/2', 'a', 'b/10/x', 'b.c', 'b/1', 'c', 'b-1']) await store.put(name, pattern(3));
    expect(await namesOf(store, '')).toEqual(['a', 'b-1', 'b.c', 'b/1', 'b/10/x', 'b/2', 'c']);
    expect(await namesOf(store, 'b/')).toEqual(['b/1', 'b/10/x', 'b/2']);
    expect(await namesOf(store, 'b/1')).toEqual(['b/1', 'b/10/x']);
    expect(await namesOf(store, 'zzz')).toEqual([]);
    for await (const info of store.list('b/1')) expect(info.size).toBe(3);
  });

  test('names that some store could not keep are refused', async () => {
    const store = await make();
    for (const name of ['', '/a', 'a/', 'a//b', '../a', 'a/./b', 'A', 'a b', 'a\\b', 'x'.repeat(201)]) {
      await expect(store.put(name, pattern(1)), name).rejects.toMatchObject({ code: 'invalid-input' });
    }
  });

  test('an aborted call says so and a put leaves nothing behind', async () => {
    const store = await make();
    const signal = AbortSignal.abort(new AppError('cancelled', { message: 'Stopped.' }));
    await expect(store.put('aborted', pattern(4), signal)).rejects.toMatchObject({ code: 'cancelled' });
    await expect(store.get('aborted', undefined, signal)).rejects.toMatchObject({ code: 'cancelled' });
    expect(await store.head('aborted')).toBeUndefined();
  });
}

async function namesOf(store: BlobStore, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const info of store.list(prefix)) names.push(info.name);
  return names;
}

function pattern(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff));
}
