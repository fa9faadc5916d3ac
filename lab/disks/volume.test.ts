import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChunkMap } from './chunk-map.ts';
import { ChunkPool } from './chunk-pool.ts';
import { Volume } from './volume.ts';

const SIZE = 64 * 1024;
let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-volume-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Step =
  | { readonly kind: 'write'; readonly offset: number; readonly length: number; readonly value: number }
  | { readonly kind: 'clear'; readonly offset: number; readonly length: number }
  | { readonly kind: 'snapshot' };

const place = { offset: fc.nat(127), length: fc.integer({ min: 1, max: 40 }) };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), ...place, value: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('clear' as const), ...place }),
  fc.record({ kind: fc.constant('snapshot' as const) }),
);

async function bytesOf(volume: Volume): Promise<Buffer> {
  const bytes = Buffer.alloc(SIZE);
  await volume.read(0, bytes);
  return bytes;
}

test('a disk and its snapshots hold what a plain buffer would, and differences lead from one to the next', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const members: Volume[] = [];
      count += 1;
      const dataFile = join(folder, `pool-${count}`);
      const pool = await ChunkPool.open({ dataFile, baseFile: undefined, baseBytes: 0 }, (visit) => {
        for (const member of members) member.map.eachSlot((slot) => visit(slot - 1));
      });
      const make = (kind: 'disk' | 'snapshot', map: ChunkMap): Volume => {
        const identity = {
          uniqueId: `${members.length}`,
          kind,
          poolId: 'p',
          familyId: 'f',
          sequence: members.length,
          createdAt: 0,
        };
        const volume = new Volume(identity, { pool, map, sizeBytes: SIZE });
        members.push(volume);
        return volume;
      };
      const disk = make('disk', new ChunkMap());
      const model = Buffer.alloc(SIZE);
      const kept: { volume: Volume; bytes: Buffer }[] = [];
      for (const each of steps) {
        if (each.kind === 'snapshot') {
          kept.push({ volume: make('snapshot', disk.forkMap()), bytes: Buffer.from(model) });
          continue;
        }
        const offset = each.offset * 512;
        const length = Math.min(each.length * 512, SIZE - offset);
        if (each.kind === 'write') {
          await disk.write(offset, Buffer.alloc(length, each.value));
          model.fill(each.value, offset, offset + length);
        } else {
          await disk.clear(offset, length);
          model.fill(0, offset, offset + length);
        }
      }
      kept.push({ volume: disk, bytes: model });
      let before: { volume: Volume; bytes: Buffer } | undefined;
      for (const now of kept) {
        expect((await bytesOf(now.volume)).equals(now.bytes)).toBe(true);
        const laid = Buffer.from(before?.bytes ?? Buffer.alloc(SIZE));
        for (const range of now.volume.map.changedSince(before?.volume.map ?? new ChunkMap())) {
          if (range.kind === 'clear') laid.fill(0, range.start, range.end);
          else now.bytes.copy(laid, range.start, range.start, range.end);
        }
        expect(laid.equals(now.bytes)).toBe(true);
        before = now;
      }
      await pool.close();
    }),
    { numRuns: 60 },
  );
});

test('a chunk map survives being written down', () => {
  const map = new ChunkMap();
  map.set(0, 3, 1);
  map.set(5000, 2, 77);
  const again = ChunkMap.deserialize(map.serialize());
  expect([...again.allocated()]).toEqual([...map.allocated()]);
  expect([...again.changedSince(map)]).toEqual([]);
  expect(() => ChunkMap.deserialize(new Uint8Array(10))).toThrow('damaged');
});
