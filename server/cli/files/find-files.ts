import { setTimeout as wait } from 'node:timers/promises';
import {
  AppError,
  type FileSearchQuery,
  type FileSearchResult,
  fileKindSchema,
  fileSearchQuerySchema,
} from '../../../core/contract/index.ts';
import type { FileService } from '../../../core/files/index.ts';
import { printable } from '../format.ts';
import { printResult } from '../repo/print-result.ts';
import { parseBytes, parseTime, refused } from './amounts.ts';
import { type FilesCommandDeps, type FilesOptions, withFiles } from './files-source.ts';
import { MachineRoot } from './machine-root.ts';

const POLL = 100;

interface FindOptions extends FilesOptions {
  readonly in: string;
  readonly type?: string;
  readonly minSize?: string;
  readonly maxSize?: string;
  readonly newer?: string;
  readonly older?: string;
  readonly limit: string;
}

export async function find(deps: FilesCommandDeps, text: string, options: FindOptions): Promise<void> {
  const { io } = deps;
  await withFiles(deps, options, async ({ service }) => {
    const root = await MachineRoot.of(service, options.all === true, io.signal);
    const place = root.place(options.in);
    const below = place.kind === 'place' ? { volumeId: place.volumeId, below: place.path } : {};
    const query = fileSearchQuerySchema.parse({ ...wantedEntries(options, Date.now()), ...below, text });
    const result = await searched(deps, service, query);
    const hits = result.hits.map((hit) => ({ ...hit, place: root.path(hit) }));
    printResult(io, options, { ...result, hits }, () =>
      hits.map((hit) => `${printable(hit.place)}\n`).join(''),
    );
    warn(deps, result);
  });
}

function wantedEntries(options: FindOptions, now: number): Partial<FileSearchQuery> {
  const { type, minSize, maxSize, newer, older } = options;
  const kind = type === undefined ? undefined : fileKindSchema.safeParse(type).data;
  if (type !== undefined && kind === undefined)
    throw refused('type', `is one of ${fileKindSchema.options.join(', ')}`);
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) throw refused('limit', 'is from 1 to 10000');
  return {
    limit,
    ...(kind === undefined ? {} : { kind }),
    ...(minSize === undefined ? {} : { minBytes: parseBytes(minSize, 'min-size') }),
    ...(maxSize === undefined ? {} : { maxBytes: parseBytes(maxSize, 'max-size') }),
    ...(newer === undefined ? {} : { modifiedFrom: parseTime(newer, 'newer', now) }),
    ...(older === undefined ? {} : { modifiedTo: parseTime(older, 'older', now) }),
  };
}

/** Asks again until everything that is searched has been read once. */
async function searched(
  { io }: FilesCommandDeps,
  service: FileService,
  query: FileSearchQuery,
): Promise<FileSearchResult> {
  for (;;) {
    const result = await service.search(query, io.signal);
    const entries = result.indexes.reduce((sum, index) => sum + index.entries, 0);
    const ready = result.indexes.every(({ state }) => state !== 'building');
    if (io.interactive) io.stderr(ready ? `\r${' '.repeat(40)}\r` : `\rRead ${entries} entries`);
    if (ready) return result;
    await wait(POLL, undefined, { signal: io.signal }).catch(() => {
      throw new AppError('cancelled', { message: 'The search was cancelled.' });
    });
  }
}

function warn({ io }: FilesCommandDeps, result: FileSearchResult): void {
  if (result.more) io.stderr('warning: there are more than the limit\n');
  for (const { volumeId, unread, problem } of result.indexes) {
    if (problem !== null) io.stderr(`warning: ${volumeId}: ${printable(problem)}\n`);
    if (unread > 0) io.stderr(`warning: ${volumeId}: ${unread} folders could not be read\n`);
  }
}
