import {
  AppError,
  type FileDetails,
  type FileEntry,
  type FileListing,
  type FileListQuery,
  type FilePlace,
  type FilePreview,
  type FileSearchQuery,
  type FileSearchResult,
  type FileSizes,
} from '../../core/contract/index.ts';
import type { PlayFile } from './play-file-tree.ts';
import { playRoots, playVolumes } from './play-volumes.ts';

/** Reading the stand-in's file systems: as core's file service answers, without its depth. */

export function findFile({ volumeId, path }: FilePlace): PlayFile {
  const parts = path.split('/').filter((part) => part !== '');
  const found = parts.reduce<PlayFile | undefined>(
    (at, part) => at?.children?.().find(({ details }) => details.name === part),
    playRoots[volumeId],
  );
  if (found === undefined)
    throw new AppError('not-found', {
      message: `There is no ${path} on this volume.`,
      hint: 'Check the spelling, or search for it.',
    });
  return found;
}

export function listFiles(query: FileListQuery): FileListing {
  const children = findFile(query).children?.();
  if (children === undefined)
    throw new AppError('invalid-input', { message: `${query.path} is not a folder.` });
  const matching = children.filter(({ details }) => matches(details.name, query.filter));
  const sorted = matching.toSorted((one, other) => compare(one.details, other.details, query));
  return {
    entries: sorted.slice(query.offset, query.offset + query.limit).map(({ details }) => entryOf(details)),
    total: matching.length,
    unfiltered: children.length,
    problem: null,
  };
}

function compare(one: FileDetails, other: FileDetails, { order, descending }: FileListQuery): number {
  const folders = Number(other.kind === 'directory') - Number(one.kind === 'directory');
  if (folders !== 0) return folders;
  const by = {
    name: 0,
    size: one.sizeBytes - other.sizeBytes,
    modified: (one.modified ?? '').localeCompare(other.modified ?? ''),
    kind: one.kind.localeCompare(other.kind),
  }[order];
  return (by === 0 ? one.name.localeCompare(other.name) : by) * (descending ? -1 : 1);
}

function matches(name: string, text: string): boolean {
  if (!/[*?]/.test(text)) return name.toLowerCase().includes(text.toLowerCase());
  const pattern = text
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 'i').test(name);
}

export function entryOf(details: FileDetails): FileEntry {
  const { name, path, kind, sizeBytes, modified, mode, owner, sid, attributes, linkTarget, problem } =
    details;
  return { name, path, kind, sizeBytes, modified, mode, owner, sid, attributes, linkTarget, problem };
}

/** Is still counting when it is asked for the first time. */
export function createPlaySizes(): (input: { items: readonly FilePlace[] }) => FileSizes {
  const asked = new Set<string>();
  return ({ items }) => {
    const key = JSON.stringify(items);
    const state = asked.has(key) ? 'done' : 'counting';
    asked.add(key);
    const all = items.flatMap((place) => [findFile(place).details, ...walk(findFile(place))]);
    const files = all.filter(({ kind }) => kind !== 'directory');
    const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return { state, files: files.length, folders: all.length - files.length, bytes };
  };
}

/** The index of a volume is "built" a bit more with each question. */
export function createPlaySearch(): (query: FileSearchQuery) => FileSearchResult {
  const asked = new Map<string, number>();
  return (query) => {
    const volumes = playVolumes.filter(({ id, readable }) => readable && (query.volumeId ?? id) === id);
    const indexes = volumes.map(({ id }) => {
      const times = (asked.get(id) ?? 0) + 1;
      asked.set(id, times);
      const state = times > 2 ? ('ready' as const) : ('building' as const);
      return {
        volumeId: id,
        state,
        entries: times * 9_500,
        unread: id === 'disk0-part1' ? 1 : 0,
        problem: null,
      };
    });
    const hits = volumes.flatMap(({ id }) =>
      [...walk(findFile({ volumeId: id, path: query.below }))]
        .filter((details) => wanted(details, query))
        .map(({ path, kind, sizeBytes, modified }) => ({ volumeId: id, path, kind, sizeBytes, modified })),
    );
    return { indexes, hits: hits.slice(0, query.limit), more: hits.length > query.limit };
  };
}

function wanted(details: FileDetails, query: FileSearchQuery): boolean {
  const {
    kind,
    minBytes = 0,
    maxBytes = Number.MAX_SAFE_INTEGER,
    modifiedFrom = '',
    modifiedTo = '~',
  } = query;
  const time = details.modified ?? '';
  return (
    matches(query.text.includes('/') ? details.path : details.name, query.text) &&
    (kind === undefined || details.kind === kind) &&
    details.sizeBytes >= minBytes &&
    details.sizeBytes <= maxBytes &&
    time >= modifiedFrom &&
    time <= modifiedTo
  );
}

function* walk(top: PlayFile): Generator<FileDetails> {
  for (const child of top.children?.() ?? []) {
    yield child.details;
    yield* walk(child);
  }
}

export function previewFile(place: FilePlace): FilePreview {
  const { content, details } = findFile(place);
  if (details.problem !== null) return { kind: 'none', reason: details.problem };
  if (details.kind !== 'file') return { kind: 'none', reason: 'Only files have a preview.' };
  if (content?.kind === 'picture') return { kind: 'picture', mediaType: 'image/png', base64: content.value };
  if (content?.kind === 'text')
    return {
      kind: 'text',
      text: content.value,
      truncated: details.sizeBytes > content.value.length,
      encoding: 'UTF-8',
    };
  const bytes = Array.from({ length: Math.min(4096, details.sizeBytes) }, (_, index) =>
    String.fromCharCode((index * 37 + 80) % 256),
  );
  return { kind: 'bytes', base64: btoa(bytes.join('')) };
}
