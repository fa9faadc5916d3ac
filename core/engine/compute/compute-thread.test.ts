import { expect, test } from 'vitest';
import { backupDisks } from '../backup/backup-disks.ts';
import { openRepository } from '../repository/open-repository.ts';
import { memoryStore } from '../stores/memory-store.ts';
import {
  restored,
  seededBytes,
  TestDisk,
  testBlock,
  testDeps,
  testPassword,
  testRepository,
  testResource,
} from '../testing/engine-fixture.ts';
import { startThreads, stopThreads } from './compute-thread.ts';

test('threads that were there before the key serve like any others', async () => {
  const store = memoryStore();
  await testRepository(store);
  const unlock = { kind: 'password', password: testPassword } as const;
  const repository = await openRepository(store, {
    unlock,
    deps: testDeps('early'),
    startThreadsEarly: true,
  });
  const disk = new TestDisk(20 * testBlock);
  disk.write(3 * testBlock, seededBytes('early', 9 * testBlock));
  const { pointId } = await backupDisks(repository, { resource: testResource, disks: [disk.asBackup()] });
  expect((await restored(repository, pointId)).equals(disk.bytes)).toBe(true);
  await repository.close();
});

test('a password that does not fit is refused as ever, and threads that never got a key stop', async () => {
  const store = memoryStore();
  await testRepository(store);
  const unlock = { kind: 'password', password: 'wrong' } as const;
  const opening = openRepository(store, { unlock, deps: testDeps('early'), startThreadsEarly: true });
  await expect(opening).rejects.toMatchObject({ code: 'wrong-password' });
  const threads = startThreads({ threads: 1 });
  await stopThreads(threads);
  await expect(threads[0]?.run({ op: 'drop', job: 0 })).rejects.toMatchObject({ code: 'internal' });
});
