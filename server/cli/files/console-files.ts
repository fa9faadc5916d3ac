import type {
  ArchiveFormat,
  FileEntry,
  FileListing,
  FilePlace,
  FileSelection,
  ProcedureInput,
  WalkedFile,
} from '../../../core/contract/index.ts';
import type { FileService } from '../../../core/files/index.ts';
import type { Core, DownloadRange } from '../../../core/host.ts';

/** Entries asked for at a time. */
const pageSize = 1000;

/**
 * The files of a session that is open in the console, over the console's own procedures: what is read is recorded as taken,
 * as it would be in the console.
 */
export function consoleFiles(core: Core, sessionId: string): FileService {
  const list = async (query: Parameters<FileService['list']>[0], signal: AbortSignal): Promise<FileListing> =>
    core.call('files.list', { sessionId, ...query }, signal);
  const details = (place: FilePlace, signal: AbortSignal) =>
    core.call('files.details', { sessionId, ...place }, signal);
  return {
    volumes: async (signal) => (await core.call('files.get', { sessionId }, signal)).volumes ?? [],
    list,
    details,
    search: (query, signal) => core.call('files.search', { sessionId, ...query }, signal),
    read({ volumeId, path, offset, length }, signal) {
      const end = length === undefined ? null : offset + length - 1;
      const range = offset === 0 && end === null ? null : { start: offset, end };
      const wish: Wish = { sessionId, items: [{ volumeId, path }], form: { kind: 'file' } };
      return length === 0 ? nothing() : streamed(core, wish, range, signal);
    },
    walk: (selection, signal) => walk({ list, details }, selection, signal),
    archive: (items: FileSelection, format: ArchiveFormat, signal) =>
      streamed(core, { sessionId, items, form: { kind: 'archive', format } }, null, signal),
    close: async () => undefined,
  };
}

type Wish = Omit<ProcedureInput<'download.start'>, 'target'>;

async function* streamed(
  core: Core,
  wish: Wish,
  range: DownloadRange | null,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { downloadId } = await core.call('download.start', { ...wish, target: { kind: 'stream' } }, signal);
  try {
    const { bytes } = await core.openDownload(downloadId, range, signal);
    yield* bytes;
  } finally {
    // A part of a file leaves its download waiting for the rest, which nobody will ask for.
    await core.call('download.cancel', { downloadId });
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

interface Listed {
  readonly list: FileService['list'];
  readonly details: FileService['details'];
}

/** The console has no procedure for whole trees: folder by folder, parents first. */
async function* walk(
  service: Listed,
  selection: FileSelection,
  signal: AbortSignal,
): AsyncGenerator<readonly WalkedFile[]> {
  for (const place of selection) {
    const root = walked(await service.details(place, signal), place.volumeId, '');
    yield [root];
    const folders = root.kind === 'directory' && root.problem === null ? [root] : [];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop())
      for await (const batch of children(service, folder, signal)) {
        folders.push(...batch.filter(({ kind, problem }) => kind === 'directory' && problem === null));
        yield batch;
      }
  }
}

async function* children(
  { list }: Listed,
  folder: WalkedFile,
  signal: AbortSignal,
): AsyncGenerator<WalkedFile[]> {
  const { volumeId, path, relativePath } = folder;
  const query = { volumeId, path, limit: pageSize, order: 'name', descending: false, filter: '' } as const;
  for (let offset = 0, total = 1; offset < total; offset += pageSize) {
    const page = await list({ ...query, offset }, signal);
    total = page.total;
    yield page.entries.map((entry) => walked(entry, volumeId, relativePath));
  }
}

/** Hard links are not told apart by what the console lists; each name is a file of its own. */
function walked(entry: FileEntry, volumeId: string, below: string): WalkedFile {
  const relativePath = below === '' ? entry.name : `${below}/${entry.name}`;
  return { ...entry, volumeId, relativePath, links: 1, node: 0 };
}
