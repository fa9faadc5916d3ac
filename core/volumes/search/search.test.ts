import { beforeAll, describe, expect, it } from 'vitest';
import { readSample, readSampleTree } from '../conformance/samples.ts';
import { MemoryDisk } from '../disk/index.ts';
import { openVolumes } from '../open-volumes.ts';
import { buildIndex } from './build-index.ts';
import type { FileIndex, SearchQuery } from './file-index.ts';
import { globTest, pathGlobTest } from './glob.ts';
import { indexFromBytes, indexToBytes } from './index-bytes.ts';

const { signal } = new AbortController();

async function indexOf(name: string): Promise<FileIndex> {
  const [volume] = await openVolumes([new MemoryDisk(await readSample(name))], { signal });
  if (volume === undefined) throw new Error('no volume');
  const progress: number[] = [];
  const { index, unread } = await buildIndex(volume, {
    signal,
    onProgress: ({ entries, soFar }) => {
      expect(soFar().count).toBe(entries);
      progress.push(entries);
    },
  });
  expect(unread).toBe(0);
  expect(progress.at(-1)).toBe(index.count);
  return index;
}

describe('patterns', () => {
  it('match whole names', () => {
    const matches = (pattern: string, text: string): boolean => globTest(pattern)(text);
    expect(matches('*.txt', 'a.txt')).toBe(true);
    expect(matches('*.txt', 'a.txt.gz')).toBe(false);
    expect(matches('a*b*c', 'a-bb-c-c')).toBe(true);
    expect(matches('a?c', 'a😀c')).toBe(true);
    expect(matches('a?c', 'ac')).toBe(false);
    expect(matches('[a]', '[a]')).toBe(true);
  });

  it('match paths by their parts', () => {
    const matches = (pattern: string, path: string): boolean => pathGlobTest(pattern)(path);
    expect(matches('/etc/*.conf', '/etc/a.conf')).toBe(true);
    expect(matches('/etc/*.conf', '/etc/b/a.conf')).toBe(false);
    expect(matches('/etc/**/*.conf', '/etc/b/c/a.conf')).toBe(true);
    expect(matches('/etc/**/*.conf', '/etc/a.conf')).toBe(true);
    expect(matches('b/*.conf', '/etc/b/a.conf')).toBe(true);
  });

  it('take no longer for patterns made to take long', () => {
    const start = performance.now();
    expect(globTest(`${'a*'.repeat(120)}b`)('a'.repeat(250))).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

it('an index refuses more entries than its limit', async () => {
  const [volume] = await openVolumes([new MemoryDisk(await readSample('ext4'))], { signal });
  if (volume === undefined) throw new Error('no volume');
  await expect(buildIndex(volume, { signal, limit: 100 })).rejects.toMatchObject({ code: 'invalid-input' });
});

describe('the index', () => {
  let index: FileIndex;
  beforeAll(async () => {
    index = await indexOf('ext4');
  });
  const paths = async (query: Partial<SearchQuery>): Promise<string[]> => {
    const found = await index.search({ text: '', limit: 1000, ...query }, signal);
    return found.hits.map(({ path }) => path).sort();
  };

  it('has every entry with its path, size and time', async () => {
    const tree = await readSampleTree('ext4');
    const { hits } = await index.search({ text: '', limit: 1000 }, signal);
    expect(new Set(hits.map(({ path }) => path))).toEqual(new Set(tree.keys()));
    for (const hit of hits) {
      const node = tree.get(hit.path);
      expect(hit.kind).toBe(node?.kind);
      if (node?.size !== undefined) expect(hit.size).toBe(node.size);
      expect(hit.modified).toBe(Number((node?.modified ?? 0n) / 1_000_000n));
    }
  });

  it('finds by part of a name, pattern, path, whatever the case', async () => {
    expect(await paths({ text: 'GRÖ' })).toEqual(['/folder/deeper/still deeper/größe']);
    expect(await paths({ text: 'Size *' })).toHaveLength(5);
    expect(await paths({ text: 'deeper/still' })).toEqual([
      '/folder/deeper/still deeper',
      '/folder/deeper/still deeper/größe',
    ]);
    expect(await paths({ text: '/folder/*/still*' })).toEqual(['/folder/deeper/still deeper']);
    expect(await paths({ text: '/**/größe' })).toEqual(['/folder/deeper/still deeper/größe']);
    expect(await paths({ text: 'no such name' })).toEqual([]);
  });

  it('narrows by kind, size and time, and says when there is more', async () => {
    expect(await paths({ kind: 'symlink' })).toEqual(['/folder/long link', '/folder/short link']);
    expect(await paths({ text: 'size', minSize: 1024, maxSize: 5000 })).toEqual([
      '/folder/size 1024',
      '/folder/size 5000',
    ]);
    expect(await paths({ modifiedTo: 0 })).toEqual([]);
    const found = await index.search({ text: 'number', limit: 10 }, signal);
    expect([found.hits.length, found.more]).toEqual([10, true]);
    await expect(index.search({ text: '', limit: 0 }, signal)).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await expect(index.search({ text: '', limit: 1 }, AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('survives being kept as bytes, and refuses bytes that are not all there', async () => {
    const bytes = indexToBytes(index);
    const kept = indexFromBytes(bytes);
    expect(await kept.search({ text: 'e', limit: 1000 }, signal)).toEqual(
      await index.search({ text: 'e', limit: 1000 }, signal),
    );
    for (const wrong of [bytes.subarray(1), bytes.subarray(0, -1), new Uint8Array(0)])
      expect(() => indexFromBytes(wrong)).toThrow(expect.objectContaining({ code: 'damaged' }));
  });
});
