import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blobStoreConformance } from '../testing/blob-store-conformance.ts';
import { folderStore } from './folder-store.ts';
import { memoryStore } from './memory-store.ts';

describe('memory store', () => blobStoreConformance(() => memoryStore()));

describe('folder store', () => {
  let root = '';
  let count = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'cairn-folder-store-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));
  const nextFolder = () => join(root, `store-${count++}`);

  blobStoreConformance(() => folderStore(nextFolder()));

  test('no unfinished files stay behind, won or lost', async () => {
    const folder = nextFolder();
    const store = folderStore(folder);
    await store.put('a', new Uint8Array(10));
    await expect(store.put('a', new Uint8Array(10))).rejects.toMatchObject({ code: 'already-exists' });
    const left = await readdir(join(folder, '.cairn-staging'), { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).toEqual([]);
  });

  test('two stores on one folder see each other', async () => {
    const folder = nextFolder();
    await folderStore(folder).put('seen', new Uint8Array(3));
    expect((await folderStore(folder).head('seen'))?.size).toBe(3);
  });
});
