import { describe, expect, it } from 'vitest';
import { CachedDisk } from './cached-disk.ts';
import type { ReadableDisk } from './readable-disk.ts';

const { signal } = new AbortController();

/** A disk whose bytes are their own offsets, and that counts what is asked of it. */
class CountingDisk implements ReadableDisk {
  readonly size = 1_000_000;
  readonly reads: { offset: number; length: number }[] = [];

  async read(offset: number, length: number, stop: AbortSignal): Promise<Uint8Array> {
    this.reads.push({ offset, length });
    await new Promise((resolve) => setImmediate(resolve));
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
    for (let chunk = 0; chunk < 9; chunk++) await cached.read(chunk * 1024, 1, signal);
    await cached.read(8 * 1024, 1, signal);
    expect(disk.reads.length).toBe(9);
    await cached.read(0, 1, signal);
    expect(disk.reads.length).toBe(10);
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
