import { describe, expect, it } from 'vitest';
import { CachedDisk } from './cached-disk.ts';
import type { ReadableDisk } from './readable-disk.ts';

const { signal } = new AbortController();

/** A disk whose bytes are their own offsets, and that counts what is asked of it. */
class CountingDisk implements ReadableDisk {
  readonly size = 1_000_000;
  readonly reads: { offset: number; length: number }[] = [];
  /** Reads that were under way at the same time. */
  most = 0;
  #underway = 0;

  async read(offset: number, length: number, stop: AbortSignal): Promise<Uint8Array> {
    this.reads.push({ offset, length });
    this.most = Math.max(this.most, ++this.#underway);
    await new Promise((resolve) => setImmediate(resolve));
    this.#underway--;
    stop.throwIfAborted();
    return Uint8Array.from({ length }, (_, index) => (offset + index) % 251);
  }
}

function expected(offset: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (offset + index) % 251);
}

describe('CachedDisk', () => {
  it('gives the same bytes as the disk for any range', async () => {
    const cached = new CachedDisk(new CountingDisk(), { budget: 16_384, chunk: 1024 });
    for (const [offset, length] of [
      [0, 1],
      [1020, 8],
      [5, 3000],
      [999_990, 10],
      [0, 1_000_000],
      [1024, 1024],
      [3, 0],
    ] as const)
      expect(Buffer.from(await cached.read(offset, length, signal)).equals(expected(offset, length))).toBe(
        true,
      );
  });

  it('asks the disk once for readers of the same chunk, also at the same time', async () => {
    const disk = new CountingDisk();
    const cached = new CachedDisk(disk, { budget: 16_384, chunk: 1024 });
    await Promise.all([
      cached.read(0, 10, signal),
      cached.read(100, 10, signal),
      cached.read(1000, 24, signal),
    ]);
    await cached.read(512, 10, signal);
    expect(disk.reads).toEqual([{ offset: 0, length: 1024 }]);
  });

  it('forgets the chunk that was used least recently when the budget is full', async () => {
    const disk = new CountingDisk();
    const cached = new CachedDisk(disk, { budget: 8 * 1024, chunk: 1024 });
    const readFar = (index: number): Promise<Uint8Array> => cached.read(index * 10_240, 1, signal);
    for (let index = 0; index < 8; index++) await readFar(index);
    await readFar(0);
    await readFar(8);
    expect(disk.reads.length).toBe(9);
    await readFar(0);
    expect(disk.reads.length).toBe(9);
    await readFar(1);
    expect(disk.reads.length).toBe(10);
  });

  it('fetches twice as much each time while reading goes on in order, within its memory', async () => {
    const disk = new CountingDisk();
    const cached = new CachedDisk(disk, { budget: 64 * 1024, chunk: 1024 });
    for (let at = 0; at < disk.size; at += 500)
      expect(Buffer.from(await cached.read(at, 500, signal)).equals(expected(at, 500))).toBe(true);
    const lengths = disk.reads.map(({ length }) => length / 1024);
    expect(lengths.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 16, 16]);
    expect(disk.reads.reduce((sum, { length }) => sum + length, 0)).toBe(disk.size);
  });

  it('joins the fetches of many readers that ask at the same time, and lets few of them run at once', async () => {
    const disk = new CountingDisk();
    const cached = new CachedDisk(disk, { budget: 512 * 1024, chunk: 1024 });
    const offsets = Array.from({ length: 400 }, (_, index) => index * 1024);
    await Promise.all(offsets.map((offset) => cached.read(offset, 100, signal)));
    expect(disk.reads.length).toBeLessThan(15);
    await Promise.all(
      Array.from({ length: 240 }, (_, index) => cached.read(600_000 + index * 1500, 1, signal)),
    );
    expect(disk.most).toBeLessThanOrEqual(32);
  });

  it('does not let one reader’s cancelling fail another', async () => {
    const cached = new CachedDisk(new CountingDisk(), { budget: 16_384, chunk: 1024 });
    const stopped = new AbortController();
    const first = cached.read(0, 10, stopped.signal);
    const second = cached.read(0, 10, signal);
    stopped.abort();
    await expect(first).rejects.toBeDefined();
    expect(Buffer.from(await second).equals(expected(0, 10))).toBe(true);
  });

  it('refuses what lies outside of the disk', async () => {
    const cached = new CachedDisk(new CountingDisk(), { budget: 16_384, chunk: 1024 });
    for (const [offset, length] of [
      [-1, 2],
      [999_999, 2],
      [2 ** 60, 1],
      [Number.NaN, 1],
    ] as const)
      await expect(cached.read(offset, length, signal)).rejects.toMatchObject({ code: 'damaged' });
  });
});
