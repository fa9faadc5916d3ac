import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backupDisks } from '../backup/backup-disks.ts';
import { checkRepository } from '../check/check-repository.ts';
import { collectGarbage } from '../collect/collect-garbage.ts';
import type { Repository } from '../model.ts';
import { deletePoint } from '../points/delete-point.ts';
import { listPoints } from '../points/list-points.ts';
import { memoryStore } from '../stores/memory-store.ts';
import {
  restored,
  seededBytes,
  TestDisk,
  testBlock,
  testRepository,
  testResource,
} from './engine-fixture.ts';
import { interleavingStore } from './interleaving-store.ts';

const full = process.env['CAIRN_TEST_FULL'] === '1';
const blocks = 40;

/** What may happen to a repository; numbers choose among what there is at that moment. */
const operation = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      disk: fc.nat(1),
      block: fc.nat(blocks - 1),
      seed: fc.nat(6),
      length: fc.integer({ min: 1, max: 2 * testBlock }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('clear' as const),
      disk: fc.nat(1),
      block: fc.nat(blocks - 1),
      count: fc.nat(20),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('backup' as const), disk: fc.nat(1), whole: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), choice: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('collect' as const), below: fc.constantFrom(0, 0.5, 0.95) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('together' as const), choice: fc.nat() }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** The repository as it ought to be: points and what their disks hold. */
class Model {
  readonly #repository: Repository;
  readonly #disks = [new TestDisk(blocks * testBlock, 'd0'), new TestDisk(blocks * testBlock - 512, 'd1')];
  readonly #touched = [new Set<number>(), new Set<number>()];
  readonly #last: (string | undefined)[] = [undefined, undefined];
  readonly points = new Map<string, Buffer>();

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  async apply(step: Operation): Promise<void> {
    switch (step.kind) {
      case 'write':
        return this.#write(step);
      case 'clear':
        return this.#clear(step);
      case 'backup':
        return this.#backup(step.disk, step.whole);
      case 'delete':
        return this.#delete(step.choice);
      case 'collect':
        await collectGarbage(this.#repository, { compactBelow: step.below });
        return;
      case 'together':
        await Promise.all([
          this.#backup(0, false),
          this.#backup(1, true),
          this.#delete(step.choice),
          collectGarbage(this.#repository, { compactBelow: 0.9 }),
        ]);
    }
  }

  async expectTrue(): Promise<void> {
    const listed = (await listPoints(this.#repository)).map((point) => point.id);
    expect(listed.sort()).toEqual([...this.points.keys()].sort());
    for (const [point, bytes] of this.points) {
      expect((await restored(this.#repository, point)).equals(bytes)).toBe(true);
    }
    const { findings } = await checkRepository(this.#repository, { level: 'deep' });
    expect(findings).toEqual([]);
  }

  #write(step: { disk: number; block: number; seed: number; length: number }): void {
    const disk = this.#diskOf(step.disk);
    const offset = step.block * testBlock;
    const length = Math.min(step.length, disk.bytes.length - offset);
    disk.write(offset, seededBytes(`content ${step.seed}`, length));
    for (let block = step.block; block * testBlock < offset + length; block++)
      this.#touched[step.disk]?.add(block);
  }

  #clear(step: { disk: number; block: number; count: number }): void {
    const disk = this.#diskOf(step.disk);
    const offset = step.block * testBlock;
    disk.clear(offset, Math.min(step.count * testBlock + 7, disk.bytes.length - offset));
    for (let block = step.block; block <= Math.min(blocks - 1, step.block + step.count); block++) {
      this.#touched[step.disk]?.add(block);
    }
  }

  async #backup(index: number, whole: boolean): Promise<void> {
    const disk = this.#diskOf(index);
    const previous = whole ? undefined : this.#last[index];
    const touched = [...(this.#touched[index] ?? [])].sort((left, right) => left - right);
    this.#touched[index]?.clear();
    const ranges = touched.map((block) => {
      const offset = block * testBlock;
      return { offset, length: Math.min(testBlock, disk.bytes.length - offset) };
    });
    const content = Buffer.from(disk.bytes);
    const { pointId } = await backupDisks(this.#repository, {
      resource: testResource,
      disks: [disk.asBackup(previous === undefined ? undefined : ranges)],
      previous,
      packTarget: 100_000,
    });
    this.points.set(pointId, content);
    this.#last[index] = pointId;
  }

  async #delete(choice: number): Promise<void> {
    const candidates = [...this.points.keys()].filter((point) => !this.#last.includes(point));
    const point = candidates[choice % Math.max(1, candidates.length)];
    if (point === undefined) return;
    await deletePoint(this.#repository, point);
    this.points.delete(point);
  }

  #diskOf(index: number): TestDisk {
    const disk = this.#disks[index];
    if (disk === undefined) throw new Error('The model has two disks.');
    return disk;
  }
}

/** Numbers from 0 to 3 that follow from a seed: how long calls to the store take. */
function turnsOf(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 30;
  };
}

test('any sequence of backups, deletes and collections, also at the same time, agrees with a simple model', {
  timeout: 900_000,
}, async () => {
  const steps = fc.array(operation, { minLength: 5, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (steps, seed) => {
      const store = interleavingStore(memoryStore(), turnsOf(seed));
      const model = new Model(await testRepository(store));
      for (const step of steps) await model.apply(step);
      await model.expectTrue();
    }),
    { numRuns: full ? 500 : 60, seed: full ? undefined : 20260101 },
  );
});
