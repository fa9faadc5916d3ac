import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allocatedRanges, bodiesOf } from './allocated-ranges.ts';

test('ranges are the 4 KiB chunks that hold anything, joined over the window of reading', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-ranges-'));
  try {
    const bytes = Buffer.alloc(9 * 2 ** 20);
    bytes[5000] = 1;
    bytes.fill(2, 4 * 2 ** 20 - 100, 4 * 2 ** 20 + 100);
    bytes[bytes.length - 1] = 3;
    await writeFile(join(folder, 'image'), bytes);
    expect(await allocatedRanges(join(folder, 'image'))).toEqual([
      { start: 4096, end: 8192 },
      { start: 4 * 2 ** 20 - 4096, end: 4 * 2 ** 20 + 4096 },
      { start: bytes.length - 4096, end: bytes.length },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('bodies are full but for the last, and hold every byte once and in order', () => {
  const ranges = [
    { start: 0, end: 3 },
    { start: 10, end: 25 },
    { start: 30, end: 31 },
  ];
  const bodies = [...bodiesOf(ranges, 8)];
  const bytesOf = (body: readonly { start: number; end: number }[]) =>
    body.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, index) => start + index));
  expect(bodies.map((body) => bytesOf(body).length)).toEqual([8, 8, 3]);
  expect(bodies.flatMap(bytesOf)).toEqual(bytesOf(ranges));
});
