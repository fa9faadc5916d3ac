import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backupDisks, createRepository, folderStore } from '../../core/engine/index.ts';
import { type FoundSecret, SecondReader } from './second-reader.ts';

const golden = join(import.meta.dirname, '../../core/engine/testdata');

const password = 'golden password';
const keyFile = join(golden, 'golden-1c-encrypted/key-file');

describe.each<[string, FoundSecret]>([
  ['golden-1-encrypted', { password }],
  ['golden-1-open', {}],
  ['golden-1b-encrypted', { password }],
  ['golden-1b-open', {}],
  ['golden-1c-encrypted', { password }],
  ['golden-1c-encrypted', { keyFile }],
])('%s by %o', (name, secret) => {
  test('every disk of every point is read as it was', async () => {
    const reader = new SecondReader(join(golden, name, 'repository'), secret);
    const expected = JSON.parse(await readFile(join(golden, name, 'expected.json'), 'utf8'));
    const found = Object.fromEntries(
      reader.points().map((point) => {
        const disk = point.disks[0];
        if (disk === undefined) throw new Error('The point has no disk.');
        const sha256 = createHash('sha256').update(reader.disk(disk)).digest('hex');
        return [point.id, { sha256, document: point.document }];
      }),
    );
    expect(found).toEqual(expected);
  });
});

test('a wrong password and the key file of another repository open nothing', () => {
  const open = (secret: FoundSecret) => () =>
    new SecondReader(join(golden, 'golden-1b-encrypted/repository'), secret);
  expect(open({ password: 'wrong' })).toThrow('No key slot');
  expect(open({ keyFile })).toThrow('No key slot');
});

describe('a repository that the engine makes now', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cairn-second-reader-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('is read without the engine', async () => {
    const repository = await createRepository(folderStore(folder), {
      unlock: { kind: 'password', password: 'now' },
      deps: { clock: Date.now, random: (length) => new Uint8Array(randomBytes(length)) },
      passwordCost: 14,
      threads: 1,
    });
    const content = Buffer.alloc(5 * 1024 * 1024 + 512);
    randomBytes(700_000).copy(content, 1_234_567);
    content.write('the end', content.length - 7);
    const source = {
      read: async (offset: number, length: number) =>
        Uint8Array.from(content.subarray(offset, offset + length)),
    };
    await backupDisks(repository, {
      resource: { workload: 'azure-vm', id: 'x', name: 'x' },
      disks: [{ id: 'd', name: 'd', size: content.length, source }],
    });
    await repository.close();
    const reader = new SecondReader(folder, { password: 'now' });
    const disk = reader.points()[0]?.disks[0];
    expect(disk === undefined ? undefined : reader.disk(disk).equals(content)).toBe(true);
  });
});
