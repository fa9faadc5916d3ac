/**
 * Makes golden repositories of the current form. Run once per form, by hand:
 * `node bench/second-reader/make-golden.ts NAME`. What is checked in is never made again: it shows that repositories
 * of that form stay readable. `golden-1` is from before checksums that need no key, `golden-1b` has them, and map packs
 * that were compacted, `golden-1c` a key file beside the password.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  addKeySlot,
  backupDisks,
  type CreateRepositoryOptions,
  collectGarbage,
  createRepository,
  type DiskRange,
  deletePoint,
  encodeKeyFile,
  folderStore,
  newKeyFile,
  type Repository,
} from '../../core/engine/index.ts';

const blockSize = 64 * 1024;
const target = join(import.meta.dirname, '../../core/engine/testdata');
const deps = { clock: Date.now, random: (length: number) => new Uint8Array(randomBytes(length)) };

function piece(seed: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(seed).digest();
}

async function make(name: string, unlock: CreateRepositoryOptions['unlock']): Promise<void> {
  const folder = join(target, name);
  await mkdir(folder);
  const repository = await createRepository(folderStore(join(folder, 'repository')), {
    unlock,
    deps,
    blockSize,
    passwordCost: 14,
    threads: 0,
  });
  if (repository.header.encrypted) await addKeyFile(repository, join(folder, 'key-file'));
  const disk = Buffer.alloc(70 * blockSize + 512);
  const expected: Record<string, { sha256: string; document: unknown }> = {};
  let previous: string | undefined;
  for (let version = 0; version < 4; version++) {
    const ranges: DiskRange[] = [];
    for (let block = version; block < 70; block += 9 - version) {
      const content = piece(`${version}/${block}`, 300 + block);
      content.copy(disk, block * blockSize);
      ranges.push({ offset: block * blockSize, length: content.length });
    }
    const document = { vm: 'golden', version };
    const { pointId } = await backupDisks(repository, {
      resource: { workload: 'azure-vm', id: '/vm/golden', name: 'golden' },
      disks: [
        {
          id: 'os',
          name: 'golden-os',
          size: disk.length,
          source: { read: async (offset, length) => Uint8Array.from(disk.subarray(offset, offset + length)) },
          ranges: previous === undefined ? undefined : ranges,
        },
      ],
      previous,
      document,
      packTarget: 2000,
    });
    if (version === 1 && previous !== undefined) {
      await deletePoint(repository, previous);
      delete expected[previous];
      await collectGarbage(repository, { compactBelow: 0.9 });
    }
    expected[pointId] = { sha256: createHash('sha256').update(disk).digest('hex'), document };
    previous = pointId;
  }
  await repository.close();
  await writeFile(join(folder, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`);
}

async function addKeyFile(repository: Repository, path: string): Promise<void> {
  const keyFile = newKeyFile(repository);
  await writeFile(path, encodeKeyFile(keyFile));
  await addKeySlot(repository, { unlock: { kind: 'key-file', keyFile } });
}

const [form] = parseArgs({ allowPositionals: true }).positionals;
if (form === undefined) throw new Error('Say what the golden repositories are to be called.');
await make(`${form}-encrypted`, { kind: 'password', password: 'golden password' });
await make(`${form}-open`, { kind: 'none' });
