import { expect, test } from 'vitest';
import { beginAttempt } from '../backup/attempt.ts';
import { backupDisks } from '../backup/backup-disks.ts';
import { packName } from '../format/names.ts';
import { openRepository } from '../repository/open-repository.ts';
import { opened } from '../repository/open-state.ts';
import { memoryStore } from '../stores/memory-store.ts';
import {
  restored,
  seededBytes,
  TestDisk,
  testBlock,
  testDeps,
  testRepository,
  testResource,
} from '../testing/engine-fixture.ts';
import { Compactor } from './compact.ts';
import type { MovedTable } from './moved-tables.ts';
import { survey } from './survey.ts';

test('places of copied blocks are written down before they fill the memory, and none is lost', async () => {
  const store = memoryStore();
  const repository = await testRepository(store);
  const disk = new TestDisk(60 * testBlock);
  disk.write(0, seededBytes('content', disk.bytes.length));
  const options = { resource: testResource, disks: [disk.asBackup()], packTarget: 4 * testBlock };
  const { pointId } = await backupDisks(repository, options);
  const state = opened(repository);
  const { packs, marks } = await survey(state, { compactBelow: 1 });
  const compactor = new Compactor(state, await beginAttempt(state), { movesInMemory: 10 });
  const tables: MovedTable[] = [];
  let largest = 0;
  for (let pack = 0; pack < packs.size; pack++) {
    const written = await compactor.compact(packs.numbers.idOf(pack), marks.slots(pack));
    largest = Math.max(largest, written.flatMap(({ blocks }) => blocks).length);
    tables.push(...written);
  }
  expect(largest).toBeLessThan(16);
  tables.push(...(await compactor.finish()));
  expect(new Set(tables.map(({ pack }) => pack)).size).toBe(packs.size);
  for (const [packId] of packs) await store.delete(packName(packId));
  const unlock = { kind: 'data-key', dataKey: repository.exportDataKey() } as const;
  const fresh = await openRepository(store, { unlock, deps: testDeps('fresh'), threads: 0 });
  expect((await restored(fresh, pointId)).equals(disk.bytes)).toBe(true);
});
