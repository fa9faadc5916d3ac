import { AppError, type FileDetails, type FileEntry } from '../../contract/index.ts';
import type { ListedNode, NodeInfo, Volume } from '../../volumes/index.ts';
import { fileTimeText } from './file-time.ts';

/** What is known of an entry besides its metadata. */
export interface EntryPlace {
  readonly name: string;
  readonly path: string;
}

/** An entry whose metadata was read, in the shape of the contract. */
export async function fileEntry(
  volume: Volume,
  place: EntryPlace,
  info: NodeInfo,
  signal: AbortSignal,
): Promise<FileEntry> {
  const link = info.kind === 'symlink' ? await linkTarget(volume, info, signal) : noLink;
  const sound = Number.isSafeInteger(info.size) && info.size >= 0;
  return {
    ...place,
    kind: info.kind,
    sizeBytes: sound ? info.size : 0,
    modified: fileTimeText(info.times.modified),
    mode: info.mode === undefined ? null : info.mode & 0o7777,
    owner: info.owner === undefined ? null : { ...info.owner },
    sid: info.sid ?? null,
    attributes: [...info.attributes],
    linkTarget: link.target,
    problem: info.unreadable ?? link.problem ?? (sound ? null : 'Its size cannot be trusted.'),
  };
}

/** An entry of which only the name is known. */
export function bareEntry(place: EntryPlace, node: Pick<ListedNode, 'kind' | 'problem'>): FileEntry {
  return {
    ...place,
    kind: node.kind ?? 'other',
    sizeBytes: 0,
    modified: null,
    mode: null,
    owner: null,
    sid: null,
    attributes: [],
    linkTarget: null,
    problem: node.problem ?? 'Its metadata cannot be read.',
  };
}

export async function fileDetails(
  volume: Volume,
  place: EntryPlace,
  info: NodeInfo,
  signal: AbortSignal,
): Promise<FileDetails> {
  return {
    ...(await fileEntry(volume, place, info, signal)),
    node: info.id,
    allocatedBytes: Math.max(0, info.allocated),
    links: Math.max(0, info.links),
    accessed: fileTimeText(info.times.accessed),
    changed: fileTimeText(info.times.changed),
    created: fileTimeText(info.times.created),
    device: info.device === undefined ? null : { ...info.device },
    streams: info.streams.map(({ name, size }) => ({ name, sizeBytes: size })),
  };
}

/** The error of one entry that must not keep anybody from the others; rethrows everything else. */
export function problemOf(error: unknown): string {
  const passable = ['damaged', 'not-found', 'not-supported', 'invalid-input'];
  if (error instanceof AppError && passable.includes(error.code)) return error.message;
  throw error;
}

interface Link {
  readonly target: string | null;
  readonly problem: string | null;
}

const noLink: Link = { target: null, problem: null };

async function linkTarget(volume: Volume, info: NodeInfo, signal: AbortSignal): Promise<Link> {
  if (info.unreadable !== undefined) return noLink;
  try {
    const { text } = await volume.readlink(info.id, signal);
    // A target is a path: its slashes are meant, and no other bytes read as this escape.
    return { target: text.replaceAll('\\x2f', '/'), problem: null };
  } catch (error) {
    return { target: null, problem: problemOf(error) };
  }
}
