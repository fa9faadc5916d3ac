import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkRepository } from '../check/check-repository.ts';
import { checkWithoutKey } from '../check/check-without-key.ts';
import { decodeKeyFile } from '../format/key-file.ts';
import type { KeyFile, Unlock } from '../model.ts';
import { listPoints } from '../points/list-points.ts';
import { openRepository } from '../repository/open-repository.ts';
import { folderStore } from '../stores/folder-store.ts';
import { restored, testDeps } from './engine-fixture.ts';

const testdata = join(import.meta.dirname, '../testdata');
const repositories: readonly [string, Unlock][] = [
  ['golden-1-encrypted', { kind: 'password', password: 'golden password' }],
  ['golden-1-open', { kind: 'none' }],
  ['golden-1b-encrypted', { kind: 'password', password: 'golden password' }],
  ['golden-1b-open', { kind: 'none' }],
  ['golden-1c-encrypted', { kind: 'password', password: 'golden password' }],
  ['golden-1c-encrypted', { kind: 'key-file', keyFile: await goldenKeyFile('golden-1c-encrypted') }],
];

async function goldenKeyFile(name: string): Promise<KeyFile> {
  return decodeKeyFile(await readFile(join(testdata, name, 'key-file'), 'utf8'));
}

const cases = repositories.map(([name, unlock]) => [name, unlock.kind, unlock] as const);

test.each(cases)('%s stays readable and whole, opened by %s', async (name, _kind, unlock) => {
  const store = folderStore(join(testdata, name, 'repository'));
  const repository = await openRepository(store, { unlock, deps: testDeps(), threads: 0 });
  const expected = JSON.parse(await readFile(join(testdata, name, 'expected.json'), 'utf8'));
  const found: Record<string, unknown> = {};
  for (const point of await listPoints(repository)) {
    const sha256 = createHash('sha256')
      .update(await restored(repository, point.id))
      .digest('hex');
    found[point.id] = { sha256, document: point.document };
  }
  expect(found).toEqual(expected);
  expect((await checkRepository(repository, { level: 'deep' })).findings).toEqual([]);
  const outside = await checkWithoutKey(store, { level: 'deep' });
  expect(outside.findings).toEqual([]);
  expect(outside.unknown.join(' ').includes('earlier build')).toBe(/^golden-1-/.test(name));
});
