/** One engine operation in a process of its own: what the command line does not offer or does not tell. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  type BlobStore,
  backupDisks,
  type CountingStore,
  checkRepository,
  checkWithoutKey,
  collectGarbage,
  countingStore,
  createRepository,
  DirectFile,
  type DiskRange,
  type DiskSource,
  deletePoint,
  folderStore,
  listPoints,
  openDisk,
  openRepository,
  type Repository,
  restoreDisk,
} from '../../core/engine/index.ts';
import { openImage } from '../../server/cli/repo/image-file.ts';
import { buildLarge, changeSome, openLarge } from './large-repository.ts';

const deps = { clock: Date.now, random: (length: number) => new Uint8Array(randomBytes(length)) };
const unlock = { kind: 'password', password: 'bench' } as const;
const resource = { workload: 'bench', id: 'bench', name: 'bench' };
const tib = 2 ** 40;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repo: { type: 'string', default: '' },
    image: { type: 'string', default: '' },
    ranges: { type: 'string' },
    tib: { type: 'string', default: '32' },
    every: { type: 'string', default: '100' },
  },
});

const largeNote = `${values.repo}.json`;
const store: CountingStore = countingStore(folderStore(values.repo));
const operations: Record<string, () => Promise<object>> = {
  full,
  second,
  restore,
  verify,
  random,
  sequential,
  collect,
  huge,
  'large-build': () => buildLarge(store, { deps, diskBytes: Number(values.tib) * tib, note: largeNote }),
  'large-check': () => onLarge((repository) => checkRepository(repository, { level: 'quick' })),
  'large-check-outside': () => onLarge((_, large) => checkWithoutKey(large, { level: 'quick' })),
  'large-second': () => onLarge((repository) => changeSome(repository, Number(values.every))),
  'large-delete': () => onLarge(deleteOldest),
  'large-collect-dry': () => onLarge((repository) => collectGarbage(repository, { dryRun: true })),
  'large-collect': () => onLarge((repository) => collectGarbage(repository)),
};
const result = await (operations[positionals[0] ?? ''] ?? unknownOperation)();
console.log(JSON.stringify({ ...result, operations: store.counts() }));

async function unknownOperation(): Promise<object> {
  throw new Error(`There is no operation ${positionals[0]}.`);
}

/** `workSeconds` leaves out what the process takes to start and the password to be stretched. */
async function withRepository(work: (repository: Repository) => Promise<object>): Promise<object> {
  const repository = await openRepository(store, { unlock, deps });
  const started = performance.now();
  try {
    const result = await work(repository);
    return { ...result, workSeconds: (performance.now() - started) / 1000 };
  } finally {
    await repository.close();
  }
}

async function backup(repository: Repository, previous?: string): Promise<object> {
  const source = await openImage(values.image);
  const ranges: DiskRange[] | undefined =
    values.ranges === undefined ? undefined : JSON.parse(await readFile(values.ranges, 'utf8'));
  const disks = [{ id: 'disk', name: 'disk', size: source.size, source, ranges }];
  const { statistics } = await backupDisks(repository, { resource, disks, previous });
  await source.close();
  return statistics;
}

async function full(): Promise<object> {
  await (await createRepository(store, { unlock, deps })).close();
  return withRepository((repository) => backup(repository));
}

function second(): Promise<object> {
  return withRepository(async (repository) => backup(repository, (await listPoints(repository)).at(-1)?.id));
}

function restore(): Promise<object> {
  return withRepository(async (repository) => {
    const [point] = await listPoints(repository);
    const file = await DirectFile.open(values.image, 'overwrite');
    await file.truncate(point?.disks[0]?.size ?? 0);
    const sink = { write: (offset: number, bytes: Uint8Array) => file.write(offset, bytes) };
    const restored = await restoreDisk(repository, { point: point?.id ?? '', diskIndex: 0, sink });
    await file.close();
    return restored;
  });
}

function verify(): Promise<object> {
  return withRepository((repository) => checkRepository(repository, { level: 'deep' }));
}

/** 1,000 reads of 4 KiB at random places, one after another: what browsing files feels like. */
function random(): Promise<object> {
  return withRepository(async (repository) => {
    const [point] = await listPoints(repository);
    const disk = await openDisk(repository, { point: point?.id ?? '', diskIndex: 0 });
    store.reset();
    const started = performance.now();
    for (let index = 0; index < 1000; index++) {
      await disk.readAt(Math.floor((disk.size / 4096 - 1) * Math.random()) * 4096, 4096);
    }
    return { millisecondsPerRead: (performance.now() - started) / 1000 };
  });
}

/** 1,024 reads of 1 MiB in order from the beginning, each after the one before: what copying a large file out does. */
function sequential(): Promise<object> {
  return withRepository(async (repository) => {
    const [point] = await listPoints(repository);
    const disk = await openDisk(repository, { point: point?.id ?? '', diskIndex: 0 });
    const length = 2 ** 20;
    const count = Math.min(1024, Math.floor(disk.size / length));
    await disk.readAt(disk.size - length, length);
    const started = performance.now();
    for (let index = 0; index < count; index++) await disk.readAt(index * length, length);
    return { megabytesPerSecond: (count * length) / 1000 / (performance.now() - started) };
  });
}

function collect(): Promise<object> {
  return withRepository(async (repository) => {
    const [oldest] = await listPoints(repository);
    await deletePoint(repository, oldest?.id ?? '');
    return collectGarbage(repository);
  });
}

/** On the repository that `large-build` made; `store.counts` leaves out what is asked of made-up packs. */
async function onLarge(work: (repository: Repository, large: BlobStore) => Promise<object>): Promise<object> {
  const large = await openLarge(store, { deps, note: largeNote });
  const started = performance.now();
  try {
    const result = await work(large.repository, large.store);
    return { ...result, workSeconds: (performance.now() - started) / 1000, ...memory() };
  } finally {
    await large.repository.close();
  }
}

function memory(): object {
  const { maxRSS } = process.resourceUsage();
  const { user, system } = process.cpuUsage();
  return { peakMiB: Math.round(maxRSS / 1024), cpuSeconds: Math.round((user + system) / 1e5) / 10 };
}

async function deleteOldest(repository: Repository): Promise<object> {
  const [oldest] = await listPoints(repository);
  await deletePoint(repository, oldest?.id ?? '');
  return { deleted: oldest?.id };
}

/** A disk of 32 TiB with a used block every 256 MiB, and then 1 % of them changed: memory must not follow the size. */
async function huge(): Promise<object> {
  const repository = await createRepository(store, {
    unlock: { kind: 'none' },
    deps,
    blockSize: 64 * 1024,
  });
  const step = 256 * 1024 * 1024;
  const sourceOf = (valueAt: (offset: number) => number): DiskSource => {
    async function readInto(offset: number, target: Uint8Array): Promise<void> {
      target.fill(0);
      target.set([valueAt(offset) & 0xff, valueAt(offset) >> 8, 1]);
    }
    return {
      readInto,
      async read(offset, length) {
        const bytes = Buffer.allocUnsafeSlow(length);
        await readInto(offset, bytes);
        return bytes;
      },
    };
  };
  const source = sourceOf((offset) => (offset / step) % 1000);
  const rangesOf = (every: number): DiskRange[] =>
    Array.from({ length: (32 * tib) / (step * every) }, (_, index) => ({
      offset: index * step * every,
      length: 4096,
    }));
  const disk = { id: 'disk', name: 'disk', size: 32 * tib, source };
  const first = await backupDisks(repository, { resource, disks: [{ ...disk, ranges: rangesOf(1) }] });
  const changed = {
    ...disk,
    ranges: rangesOf(100),
    source: sourceOf(() => 7777),
  };
  const options = { resource, disks: [changed], previous: first.pointId };
  const again = await backupDisks(repository, options);
  await repository.close();
  return { first: first.statistics, second: again.statistics };
}
