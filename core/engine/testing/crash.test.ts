import { expect, test } from 'vitest';
import { backupDisks } from '../backup/backup-disks.ts';
import type { BlobStore } from '../blob-store.ts';
import { checkRepository } from '../check/check-repository.ts';
import type { CheckLevel } from '../check/report.ts';
import { collectGarbage } from '../collect/collect-garbage.ts';
import type { Repository } from '../model.ts';
import { deletePoint } from '../points/delete-point.ts';
import { listPoints } from '../points/list-points.ts';
import { addKeySlot, listKeySlots, removeKeySlot } from '../repository/key-slots.ts';
import { openRepository } from '../repository/open-repository.ts';
import { memoryStore } from '../stores/memory-store.ts';
import { type CrashMode, crashingStore, crashModes } from './crashing-store.ts';
import {
  restored,
  seededBytes,
  TestDisk,
  testBlock,
  testDeps,
  testPassword,
  testRepository,
  testResource,
} from './engine-fixture.ts';
import { copyStore } from './snapshot-store.ts';

/** Points that a caller was told about, with what their disk held. */
type Acknowledged = ReadonlyMap<string, Buffer>;

interface World {
  readonly store: BlobStore;
  readonly points: Acknowledged;
}

/** One operation of the script; gives the points acknowledged after it. */
interface Step {
  readonly name: string;
  run(repository: Repository, points: Acknowledged): Promise<Acknowledged>;
}

const blocks = 20;

/** Random enough to be told apart, short enough to be quick. */
function diskOf(version: number): TestDisk {
  const disk = new TestDisk(blocks * testBlock);
  for (let block = 0; block < blocks; block++) {
    const age = block % (version + 1) === 0 ? version : 0;
    disk.write(block * testBlock, seededBytes(`${block}/${age}`, 600));
  }
  return disk;
}

function backup(version: number): Step {
  return {
    name: `backup ${version}`,
    async run(repository, points) {
      const disk = diskOf(version);
      const previous = [...points.keys()].at(-1);
      const ranges = previous === undefined ? undefined : [{ offset: 0, length: disk.bytes.length }];
      const options = { resource: testResource, disks: [disk.asBackup(ranges)], previous, packTarget: 600 };
      const { pointId } = await backupDisks(repository, options);
      return new Map([...points, [pointId, disk.bytes]]);
    },
  };
}

/** Intent counts from its beginning: a point asked to be deleted may be gone or still there. */
const deleteOldest: Step = {
  name: 'delete',
  async run(repository, points) {
    const [oldest, ...rest] = points;
    if (oldest !== undefined && (await listPoints(repository)).some((point) => point.id === oldest[0])) {
      await deletePoint(repository, oldest[0]);
    }
    return new Map(rest);
  },
};

const collect: Step = {
  name: 'collect',
  async run(repository, points) {
    await collectGarbage(repository, { compactBelow: 0.95, abandonAfter: 0 });
    return points;
  },
};

const changeKeys: Step = {
  name: 'keys',
  async run(repository, points) {
    const unlock = { kind: 'password', password: 'next' } as const;
    await addKeySlot(repository, { unlock, passwordCost: 14, label: 'next' });
    const [oldest] = await listKeySlots(repository);
    await removeKeySlot(repository, oldest?.id ?? '');
    return points;
  },
};

const script: readonly Step[] = [
  backup(0),
  backup(1),
  changeKeys,
  backup(2),
  deleteOldest,
  collect,
  backup(3),
  deleteOldest,
  backup(4),
  collect,
  deleteOldest,
  collect,
  collect,
];

async function reopened(store: BlobStore, dataKey: Uint8Array, seed: string): Promise<Repository> {
  return openRepository(store, { unlock: { kind: 'data-key', dataKey }, deps: testDeps(seed), threads: 0 });
}

async function expectSound(
  repository: Repository,
  points: Acknowledged,
  level: CheckLevel = 'quick',
): Promise<void> {
  const report = await checkRepository(repository, { level });
  const hurt = report.findings.flatMap((finding) => finding.affects.map((point) => point.pointId));
  expect(hurt.filter((point) => points.has(point))).toEqual([]);
  const listed = (await listPoints(repository)).map((point) => point.id);
  for (const point of points.keys()) expect(listed).toContain(point);
}

/** The deep check opens every block of every point; one point, another one each time, is restored besides. */
async function expectWhole(repository: Repository, points: Acknowledged, turn: number): Promise<void> {
  await expectSound(repository, points, 'deep');
  const [point, bytes] = [...points][turn % Math.max(1, points.size)] ?? [];
  if (point === undefined || bytes === undefined) return;
  expect((await restored(repository, point)).equals(bytes)).toBe(true);
}

/** Whenever a change of keys died, one of the passwords opens. */
async function expectToOpen(store: BlobStore): Promise<void> {
  const outcomes = await Promise.allSettled(
    [testPassword, 'next'].map((password) =>
      openRepository(store, { unlock: { kind: 'password', password }, deps: testDeps('key'), threads: 0 }),
    ),
  );
  expect(outcomes.map((outcome) => outcome.status)).toContain('fulfilled');
}

/** A manifest torn in half was never acknowledged; it is what an operator deletes when a check names it. */
async function deleteTornManifests(repository: Repository, points: Acknowledged): Promise<void> {
  const torn: string[] = [];
  await listPoints(repository, undefined, (pointId) => torn.push(pointId));
  for (const pointId of torn) {
    expect(points.has(pointId)).toBe(false);
    await deletePoint(repository, pointId);
  }
}

async function dieAndRecover(
  world: World,
  step: Step,
  death: { at: number; mode: CrashMode; dataKey: Uint8Array },
): Promise<boolean> {
  const store = await copyStore(world.store);
  const dying = crashingStore(store, death.at, death.mode);
  const seed = `${step.name}/${death.at}/${death.mode}`;
  const first = await reopened(dying, death.dataKey, seed);
  const outcome = await step.run(first, world.points).catch(() => undefined);
  if (!dying.crashed) return false;
  const after = await reopened(store, death.dataKey, `${seed}/again`);
  const kept = step === deleteOldest ? new Map([...world.points].slice(1)) : (outcome ?? world.points);
  await deleteTornManifests(after, kept);
  await expectWhole(after, kept, death.at);
  if (step === changeKeys) await expectToOpen(store);
  await dying.settle();
  const points = await step.run(after, outcome ?? world.points);
  await collectGarbage(after, { abandonAfter: 0 });
  await expectSound(after, points);
  return true;
}

test('after a death at any store operation every acknowledged point is whole and the operation can be run again', {
  timeout: 900_000,
}, async () => {
  const store = memoryStore();
  const repository = await testRepository(store);
  const dataKey = repository.exportDataKey();
  let points: Acknowledged = new Map();
  let deaths = 0;
  for (const step of script) {
    for (const mode of crashModes) {
      for (let at = 0; await dieAndRecover({ store, points }, step, { at, mode, dataKey }); at++) deaths++;
    }
    points = await step.run(repository, points);
  }
  expect(deaths).toBeGreaterThan(1000);
});
