import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSample } from '../../volumes/conformance/samples.ts';
import { MemoryDisk } from '../../volumes/index.ts';
import { memoryFiles } from '../remote/testing/memory-files.ts';
import { createFileService } from '../service/create-file-service.ts';
import { type CompareOptions, comparePlaces } from './compare-places.ts';
import { diffLines } from './diff-lines.ts';

const signal = new AbortController().signal;
const options: CompareOptions = { signal, content: 'never' };
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const side = (files: Record<string, Uint8Array>, path = '/') => ({
  service: memoryFiles(files),
  volumeId: 'v',
  path,
});
const told = ({ differences }: { differences: readonly { path: string; change: string }[] }) =>
  differences.map(({ path, change }) => `${change} ${path}`);

describe('comparing two places', () => {
  const before = {
    '/a': bytes('one'),
    '/same': bytes('same'),
    '/d/x': bytes('x'),
    '/gone/deep/y': bytes('y'),
  };
  const after = {
    '/a': bytes('two'),
    '/same': bytes('same'),
    '/d/x': bytes('x+'),
    '/d/new': bytes(''),
    '/b/z': bytes('z'),
  };

  it('finds what came, went and changed', async () => {
    const found = await comparePlaces(side(before), side(after), { ...options, content: 'always' });
    expect(told(found)).toEqual(['changed a', 'added b', 'added d/new', 'changed d/x', 'removed gone']);
    expect(found.differences[1]).toMatchObject({ left: null, right: { kind: 'directory' } });
    expect([found.more, found.lines]).toEqual([false, null]);
    expect(found.bytesCompared).toBe(4);
    const blind = await comparePlaces(side(before), side(after), options);
    expect(told(blind)).not.toContain('changed a');
  });

  it('compares two volumes of one kind of file, and one with itself', async () => {
    const [ext4, xfs] = await Promise.all(['ext4', 'xfs'].map(readSample));
    const disks = [ext4, xfs].map((image = new Uint8Array(0)) => new MemoryDisk(image));
    const service = createFileService({ disks });
    const place = (volumeId: string, path = '/folder') => ({ service, volumeId, path });
    const itself = await comparePlaces(place('disk0', '/'), place('disk0', '/'), {
      ...options,
      content: 'always',
    });
    expect(itself.differences).toEqual([]);
    expect(itself.entriesCompared).toBeGreaterThan(100);
    const other = await comparePlaces(place('disk0'), place('disk1'), { ...options, content: 'always' });
    expect(other.differences.filter(({ change }) => change !== 'metadata')).toEqual([]);
    const times = await comparePlaces(place('disk0'), place('disk1'), options);
    expect(times.differences.some(({ change }) => change === 'changed')).toBe(true);
    await service.close();
  });

  it('keeps as many differences as it may', async () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`/f${index}`, bytes('x')]));
    const found = await comparePlaces(side(many), side({ '/z': bytes('') }), { ...options, limit: 10 });
    expect([found.differences.length, found.more]).toEqual([10, true]);
  });

  it('shows the lines of text files, and of nothing else', async () => {
    const one = side({ '/t': bytes('a\nb\r\nc\n') }, '/t');
    const other = side({ '/t': new Uint8Array(Buffer.from('\ufeffa\nx\nc\nd', 'utf16le')) }, '/t');
    const found = await comparePlaces(one, other, options);
    expect(found.lines?.map((line) => `${line.side} ${line.text}`)).toEqual([
      'both a',
      'left b',
      'right x',
      'both c',
      'right d',
    ]);
    const binary = side({ '/t': Uint8Array.of(1, 0, 255) }, '/t');
    expect((await comparePlaces(one, binary, options)).lines).toBeNull();
    const large = side({ '/t': new Uint8Array(1024 * 1024 + 1).fill(97) }, '/t');
    expect((await comparePlaces(one, large, options)).lines).toBeNull();
  });

  it('stops when asked to, and says what is not there', async () => {
    await expect(comparePlaces(side(before, '/none'), side(after), options)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('lines', () => {
  const line = fc.constantFrom('a', 'b', 'c', '');
  const text = fc.array(line, { maxLength: 25 });

  it('give back both texts, with as many common lines as there can be', () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        const lines = diffLines(left, right);
        const of = (without: string) =>
          lines.filter(({ side: where }) => where !== without).map((row) => row.text);
        expect(of('right')).toEqual(left);
        expect(of('left')).toEqual(right);
        expect(lines.filter(({ side: where }) => where === 'both')).toHaveLength(longestCommon(left, right));
      }),
      { numRuns: 2000 },
    );
  });

  it('are given one after the other where everything differs', () => {
    const left = Array.from({ length: 3000 }, (_, index) => `left ${index}`);
    const right = Array.from({ length: 3000 }, (_, index) => `right ${index}`);
    expect(diffLines(left, right).map(({ text: row }) => row)).toEqual([...left, ...right]);
  });
});

/** Length of the longest common subsequence, by the textbook's table. */
function longestCommon(left: readonly string[], right: readonly string[]): number {
  let row = new Array<number>(right.length + 1).fill(0);
  for (const one of left) {
    const next = [0];
    for (const [index, other] of right.entries())
      next.push(one === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    row = next;
  }
  return row[right.length] ?? 0;
}
