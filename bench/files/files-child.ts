/**
 * One measured operation in a process of its own, so that nothing is warm but the files of the store. Prints the
 * seconds of its steps, and the requests so far, as JSON.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fileListQuerySchema, fileReadSchema, fileSearchQuerySchema } from '../../core/contract/index.ts';
import { type BlobStore, folderStore } from '../../core/engine/index.ts';
import { type FileService, openFilesThread, saveSelection } from '../../core/files/index.ts';
import { delayedStore } from './delayed-store.ts';
import { content } from './files-image.ts';
import { readAccess } from './files-repository.ts';

export interface MeasuredStep {
  readonly name: string;
  readonly seconds: number;
  readonly requests: number;
  /** What the step gave: entries, or bytes. */
  readonly amount: number;
}

/** A container's URL with a SAS. */
const containerVariable = 'CAIRN_BENCH_CONTAINER';
const signal = new AbortController().signal;
const volumeId = 'disk0';

type Operation = (
  service: FileService,
  work: string,
) => Promise<readonly [name: string, run: () => Promise<number>][]>;

const operations: Readonly<Record<string, Operation>> = {
  browse: async (service) => [
    ['cold session to first listing', () => list(service, '/')],
    ['page of a folder of 20,000', () => list(service, content.largeFolder.path)],
    ['index of 70,000 files', () => index(service)],
  ],
  read: async (service) => [['one file of 1 GiB', () => read(service, content.largeFile.path)]],
  small: async (service, work) => [['save of 1,000 small files', () => save(service, work)]],
};

async function list(service: FileService, folder: string): Promise<number> {
  const { entries } = await service.list(fileListQuerySchema.parse({ volumeId, path: folder }), signal);
  return entries.length;
}

async function index(service: FileService): Promise<number> {
  for (;;) {
    const found = await service.search(
      fileSearchQuerySchema.parse({ volumeId, text: 'no such name' }),
      signal,
    );
    const [state] = found.indexes;
    if (state?.state === 'ready') return state.entries;
    if (state?.state === 'failed') throw new Error(state.problem ?? 'no index');
    await wait(10);
  }
}

async function read(service: FileService, file: string): Promise<number> {
  let bytes = 0;
  for await (const piece of service.read(fileReadSchema.parse({ volumeId, path: file }), signal))
    bytes += piece.length;
  return bytes;
}

async function save(service: FileService, folder: string): Promise<number> {
  const selection = [{ volumeId, path: content.smallFiles.path }];
  const report = await saveSelection(
    service,
    { selection, folder },
    { signal, id: 'bench', existing: 'keep' },
  );
  if (report.files !== content.smallFiles.files || report.problemCount > 0)
    throw new Error('not all was saved');
  return report.bytes;
}

/** The container that the environment names, else the folder. */
async function openStore(cache: string): Promise<BlobStore> {
  const container = process.env[containerVariable];
  if (container === undefined) return folderStore(path.join(cache, 'repository'));
  return (await import('../../core/index.ts')).openContainerBySas(container, 'repository');
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { cache: { type: 'string', default: '' }, delay: { type: 'string', default: '0' } },
  });
  const { store, requests } = delayedStore(await openStore(values.cache), Number(values.delay));
  const { pointId, dataKey } = await readAccess(values.cache);
  const work = await mkdtemp(path.join(values.cache, 'work-'));
  const started = performance.now();
  const source = { kind: 'repository', store, pointId, dataKey: Buffer.from(dataKey, 'base64') } as const;
  const service = openFilesThread({ source });
  const steps: MeasuredStep[] = [];
  let last = started;
  for (const [name, run] of (await operations[positionals[0] ?? '']?.(service, work)) ?? []) {
    const amount = await run();
    const now = performance.now();
    steps.push({ name, seconds: (now - last) / 1000, requests: requests(), amount });
    last = now;
  }
  await service.close();
  await rm(work, { recursive: true });
  process.stdout.write(JSON.stringify(steps));
}

await main();
