import { beginAttempt } from '../backup/attempt.ts';
import { backupDisks } from '../backup/backup-disks.ts';
import type { BlobStore } from '../blob-store.ts';
import { noteSuspects } from '../check/suspects.ts';
import { collectGarbage } from '../collect/collect-garbage.ts';
import { publishCondemnation } from '../collect/condemnation.ts';
import { putFence } from '../collect/live-attempts.ts';
import { NumberSet } from '../packs/number-set.ts';
import { PackNumbers } from '../packs/pack-numbers.ts';
import { deletePoint } from '../points/delete-point.ts';
import { addKeySlot, newKeyFile } from '../repository/key-slots.ts';
import { opened } from '../repository/open-state.ts';
import { claimOwnership } from '../repository/owner.ts';
import { memoryStore } from '../stores/memory-store.ts';
import {
  seededBytes,
  TestDisk,
  testBlock,
  testCost,
  testRepository,
  testResource,
} from './engine-fixture.ts';

export interface Sample {
  readonly store: BlobStore;
  readonly dataKey: Uint8Array;
  /** Points and what their disks hold. */
  readonly points: ReadonlyMap<string, Buffer>;
}

/** A small repository with two points and at least one object of every kind that there can be. */
export async function everyKind(): Promise<Sample> {
  const store = memoryStore();
  const repository = await testRepository(store);
  const state = opened(repository);
  const owners = ['a', 'b'].map((id) => ({ installationId: id, displayName: id, since: '2026-01-01' }));
  for (const owner of owners) await claimOwnership(store, { owner, takeOver: true });
  const unlock = { kind: 'password', password: 'spare' } as const;
  await addKeySlot(repository, { unlock, passwordCost: testCost });
  await addKeySlot(repository, { unlock: { kind: 'key-file', keyFile: newKeyFile(repository) } });
  const points = await backUpThrice(state);
  const attempt = await beginAttempt(state);
  await putFence(state, `${'0'.repeat(31)}1`);
  await publishCondemnation(state, {
    id: attempt,
    packs: new NumberSet(),
    numbers: new PackNumbers(),
  });
  const suspect = { pack: `${attempt}/00000000`, slot: 1, id: seededBytes('suspect', 32) };
  await noteSuspects(state, { suspects: [suspect], whole: false, signal: undefined });
  return { store, dataKey: repository.exportDataKey(), points };
}

/** The first of three points is deleted again, so that compaction moves blocks. */
async function backUpThrice(repository: ReturnType<typeof opened>): Promise<Map<string, Buffer>> {
  const points = new Map<string, Buffer>();
  const disk = new TestDisk(12 * testBlock);
  let previous: string | undefined;
  for (let version = 0; version < 3; version++) {
    for (let block = 0; block < 12; block += version + 1) {
      disk.write(block * testBlock, seededBytes(`${version}/${block}`, 900));
    }
    const changes = disk.takeChanges();
    const disks = [disk.asBackup(previous === undefined ? undefined : changes)];
    const options = { resource: testResource, disks, previous, packTarget: 2000 };
    previous = (await backupDisks(repository, options)).pointId;
    points.set(previous, Buffer.from(disk.bytes));
  }
  const [first = ''] = points.keys();
  await deletePoint(repository, first);
  points.delete(first);
  await collectGarbage(repository, { compactBelow: 0.95 });
  return points;
}
