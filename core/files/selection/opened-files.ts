import type { WalkedFile } from '../../contract/index.ts';
import type { FileService } from '../file-service.ts';

/** An entry with its content under way. Whoever gets one reads the content to its end or calls `drop`. */
export interface OpenedFile<Entry> {
  readonly entry: Entry;
  /** The pieces of a file; nothing for everything else. */
  readonly content: AsyncIterableIterator<Uint8Array> | undefined;
  drop(): Promise<void>;
}

export interface OpenedFilesOptions<Entry> {
  readonly service: Pick<FileService, 'read'>;
  readonly signal: AbortSignal;
  /** The file whose content is wanted; undefined where only the entry itself counts. */
  readonly fileOf: (entry: Entry) => WalkedFile | undefined;
  /** Where in the file to start. */
  readonly offsetOf?: (entry: Entry) => number;
}

/** Files begun before their turn comes; each holds up to two pieces of 1 MiB. */
const AHEAD = 8;

/** The same entries in the same order, with the first pieces of the next few files already being read. */
export async function* openedFiles<Entry>(
  entries: AsyncIterable<Entry>,
  options: OpenedFilesOptions<Entry>,
): AsyncGenerator<OpenedFile<Entry>> {
  const queue: OpenedFile<Entry>[] = [];
  try {
    for await (const entry of entries) {
      queue.push(open(entry, options));
      const next = queue.length > AHEAD ? queue.shift() : undefined;
      if (next !== undefined) yield next;
    }
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) yield next;
  } finally {
    await Promise.all(queue.map((opened) => opened.drop()));
  }
}

function open<Entry>(entry: Entry, options: OpenedFilesOptions<Entry>): OpenedFile<Entry> {
  const file = options.fileOf(entry);
  if (file === undefined) return { entry, content: undefined, drop: async () => undefined };
  const offset = options.offsetOf?.(entry) ?? 0;
  const { volumeId, path, sizeBytes } = file;
  // Never more than was announced, whatever the content claims.
  const request = { volumeId, path, offset, length: Math.max(0, sizeBytes - offset), stream: '' };
  const pieces = options.service.read(request, options.signal)[Symbol.asyncIterator]();
  const first = pieces.next();
  // Heard when its turn comes; until then a failure must not count as unheard.
  first.catch(() => undefined);
  return { entry, content: joined(first, pieces), drop: () => stop(first, pieces) };
}

async function* joined(
  first: Promise<IteratorResult<Uint8Array>>,
  pieces: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let step = await first; !step.done; step = await pieces.next()) yield step.value;
  } finally {
    await pieces.return?.();
  }
}

async function stop(
  first: Promise<IteratorResult<Uint8Array>>,
  pieces: AsyncIterator<Uint8Array>,
): Promise<void> {
  await first.catch(() => undefined);
  await pieces.return?.()?.catch(() => undefined);
}
