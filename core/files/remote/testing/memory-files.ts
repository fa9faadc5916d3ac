import { AppError, type FileEntry, type FilePlace, type FileVolume } from '../../../contract/index.ts';
import type { FileService } from '../../file-service.ts';

export interface MemoryFiles extends FileService {
  /** How many reads run now. */
  readonly reading: () => number;
}

const pieceBytes = 64 * 1024;

/** A volume `v` with these files by path; folders follow from the paths. Reads can be made to wait. */
export function memoryFiles(
  files: Readonly<Record<string, Uint8Array>>,
  wait: (at: number) => Promise<void> = () => Promise.resolve(),
): MemoryFiles {
  let reading = 0;
  const find = ({ volumeId, path }: FilePlace): FileEntry => {
    const plain = `/${path.split('/').filter(Boolean).join('/')}`;
    const bytes = files[plain];
    const isFolder = Object.keys(files).some((each) => each.startsWith(plain === '/' ? '/' : `${plain}/`));
    if (volumeId !== 'v' || (!bytes && !isFolder))
      throw new AppError('not-found', { message: `There is no ${plain}.`, hint: 'Look again.' });
    return entryOf(plain, bytes);
  };
  const below = (path: string): FileEntry[] => {
    const prefix = path === '/' ? '/' : `${path}/`;
    const inside = Object.keys(files).filter((each) => each.startsWith(prefix));
    const names = new Set(inside.map((each) => each.slice(prefix.length).split('/')[0] ?? ''));
    return [...names].sort().map((name) => find({ volumeId: 'v', path: `${prefix}${name}` }));
  };
  const everything = (path: string): FileEntry[] =>
    below(path).flatMap((entry) => [entry, ...(entry.kind === 'directory' ? everything(entry.path) : [])]);

  return {
    reading: () => reading,
    volumes: async () => [volume],
    async list(query) {
      const all = below(find(query).path).filter(({ name }) => name.includes(query.filter));
      const entries = all.slice(query.offset, query.offset + query.limit);
      return { entries, total: all.length, unfiltered: all.length, problem: null };
    },
    details: async (place) => ({ ...find(place), ...noDetails }),
    async search(query) {
      const hits = everything(find({ volumeId: 'v', path: query.below }).path)
        .filter(({ name }) => name.includes(query.text))
        .map((entry) => ({ ...entry, volumeId: 'v' }));
      return {
        indexes: [{ volumeId: 'v', state: 'ready', entries: hits.length, unread: 0, problem: null }],
        hits,
        more: false,
      };
    },
    async *read(request, signal) {
      const bytes = files[find(request).path] ?? new Uint8Array(0);
      const end = Math.min(bytes.length, request.offset + (request.length ?? bytes.length));
      reading += 1;
      try {
        for (let at = request.offset; at < end; at += pieceBytes) {
          await wait(at);
          signal.throwIfAborted();
          yield bytes.subarray(at, Math.min(end, at + pieceBytes));
        }
      } finally {
        reading -= 1;
      }
    },
    async *walk(selection) {
      for (const place of selection) {
        const entry = find(place);
        const all = entry.kind === 'directory' ? [entry, ...everything(entry.path)] : [entry];
        yield all.map((each) => ({ ...each, volumeId: 'v', relativePath: each.path, links: 1, node: 1 }));
      }
    },
    async *archive(selection) {
      for (const place of selection)
        for (const entry of [find(place), ...everything(find(place).path)]) {
          if (entry.path.endsWith('.bad')) throw new AppError('damaged', { message: 'A bad file.' });
          yield Buffer.from(`${entry.path}\n`);
        }
    },
    close: () => Promise.resolve(),
  };
}

function entryOf(path: string, bytes: Uint8Array | undefined): FileEntry {
  return {
    name: path.split('/').at(-1) ?? '',
    path,
    kind: bytes ? 'file' : 'directory',
    sizeBytes: bytes?.length ?? 0,
    modified: '2026-01-02T03:04:05.123456789Z',
    mode: 0o644,
    owner: { uid: 0, gid: 0 },
    sid: null,
    attributes: [],
    linkTarget: null,
    problem: null,
  };
}

const noDetails = {
  node: 1,
  allocatedBytes: 0,
  links: 1,
  accessed: null,
  changed: null,
  created: null,
  device: null,
  streams: [],
};

const volume: FileVolume = {
  id: 'v',
  name: '/',
  guestPlaces: ['/'],
  disk: 0,
  partition: 1,
  kind: 'ext4',
  kindName: 'ext4',
  label: '',
  uuid: '',
  placeName: '',
  sizeBytes: 1,
  state: 'clean',
  note: '',
  readable: true,
  incidental: false,
  caseSensitive: true,
  localTimes: false,
};
