import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageMemory } from '../page-memory.ts';
import { DirectFile } from './direct-file.ts';

const mib = 1024 * 1024;
const fileSize = 6 * mib;

interface Piece {
  readonly offset: number;
  readonly length: number;
  /** Where in its memory it begins. */
  readonly start: number;
  readonly pages: boolean;
  readonly seed: number;
}

/** Multiples of a page and odd numbers, of all sizes. */
const number = (max: number) =>
  fc.oneof(
    fc.nat(max),
    fc.nat(Math.floor(max / 4096)).map((pages) => pages * 4096),
  );
const piece: fc.Arbitrary<Piece> = fc.record({
  offset: number(fileSize - 3 * mib),
  length: number(3 * mib),
  start: fc.oneof(fc.constant(0), number(8192)),
  pages: fc.boolean(),
  seed: fc.nat(255),
});

function memoryOf({ length, start, pages }: Piece): Uint8Array {
  const whole = pages ? pageMemory(start + length + 1) : Buffer.alloc(start + length + 1);
  return whole.subarray(start, start + length);
}

async function inFolder(work: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-direct-'));
  try {
    await work(join(folder, 'file'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('whatever way the pieces take, the file holds what was written and gives it back', async () => {
  const pieces = fc.array(piece, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(pieces, pieces, (writes, reads) =>
      inFolder(async (path) => {
        const model = Buffer.alloc(fileSize);
        const file = await DirectFile.open(path, 'create');
        await file.truncate(fileSize);
        for (const write of writes) {
          const bytes = memoryOf(write).fill(write.seed);
          await file.write(write.offset, bytes);
          model.set(bytes, write.offset);
        }
        await file.sync();
        await file.close();
        expect((await readFile(path)).equals(model)).toBe(true);
        const again = await DirectFile.open(path, 'read');
        for (const read of reads) {
          const bytes = memoryOf(read);
          expect(await again.readInto(read.offset, bytes)).toBe(read.length);
          expect(model.subarray(read.offset, read.offset + read.length).equals(bytes)).toBe(true);
        }
        await again.close();
      }),
    ),
    { numRuns: 30 },
  );
});

test('a read past the end gives what there is, also when the end is within a page', async () => {
  await inFolder(async (path) => {
    const file = await DirectFile.open(path, 'create');
    await file.write(0, Buffer.alloc(2 * mib + 77, 5));
    await file.close();
    const again = await DirectFile.open(path, 'read');
    expect(await again.size()).toBe(2 * mib + 77);
    const bytes = pageMemory(4 * mib);
    expect(await again.readInto(0, bytes)).toBe(2 * mib + 77);
    expect(bytes.subarray(0, 2 * mib + 77).every((byte) => byte === 5)).toBe(true);
    expect(await again.readInto(4 * mib, bytes)).toBe(0);
    await again.close();
  });
});

test('an existing file is not created again, but overwritten when that is meant', async () => {
  await inFolder(async (path) => {
    await (await DirectFile.open(path, 'create')).close();
    await expect(DirectFile.open(path, 'create')).rejects.toMatchObject({ code: 'EEXIST' });
    const file = await DirectFile.open(path, 'overwrite');
    await file.write(0, Buffer.from('new'));
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('new');
  });
});

// Files of /proc cannot be opened with O_DIRECT, as on file systems that lack it.
test.skipIf(!existsSync('/proc/version'))('a file system that refuses it is read all the same', async () => {
  const expected = await readFile('/proc/version');
  const file = await DirectFile.open('/proc/version', 'read');
  const bytes = pageMemory(2 * mib);
  for (let time = 0; time < 2; time++) {
    expect(await file.readInto(0, bytes.fill(0))).toBe(expected.length);
    expect(expected.equals(bytes.subarray(0, expected.length))).toBe(true);
  }
  await file.close();
});
