import { createHash } from 'node:crypto';
import type { WalkedFile } from '../../contract/index.ts';
import { DistinctEntries, type FileService, openedFiles, TarWriter } from '../../files/index.ts';
import { guestEntry, guestPathBytes } from './guest-entry.ts';
import type { PlacedGroup } from './guest-placement.ts';
import { stagingFolder } from './guest-script.ts';

/** A file that was sent, and how it must be in the end. */
export interface ExpectedFile {
  /** Its path in the guest as safe text. */
  readonly shown: string;
  /** Null for links and special files. */
  readonly sha256: string | null;
  readonly size: number;
}

/** Everything that was sent, known once the archive has been read to its end. */
export interface SentFiles {
  /** By path in the guest, one character per byte (Latin-1). */
  readonly expected: Map<string, ExpectedFile>;
  /** What could not be read, by path in the guest (safe text). */
  readonly leftOut: { readonly path: string; readonly reason: string }[];
  /** Staged files whose content ended early: the script removes them unseen. Bytes of absolute paths. */
  readonly broken: Uint8Array[];
  /** Bytes of content by folder of the guest. */
  readonly roomOf: Map<string, number>;
}

export interface GuestArchiveRequest {
  readonly service: FileService;
  readonly groups: readonly PlacedGroup[];
  readonly sessionId: string;
  readonly onProgress: (bytes: number) => void;
}

interface Packed {
  readonly group: PlacedGroup;
  readonly file: WalkedFile;
  readonly refusal: string | undefined;
}

/**
 * The archive that goes into a guest: for every folder first those above it (so that missing ones come back as they
 * were), then its items below a staging folder. Fills `sent` on the way.
 */
export async function* guestArchive(
  request: GuestArchiveRequest,
  sent: SentFiles,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const tar = new TarWriter();
  let done = 0;
  for (const group of request.groups) {
    yield* foldersAbove(tar, request, group, signal);
    yield* staging(tar, group, request.sessionId);
  }
  const files = openedFiles(packed(request, signal), {
    service: request.service,
    signal,
    fileOf: ({ file, refusal }: Packed) => (isContent(file, refusal) ? file : undefined),
  });
  for await (const { entry, content, drop } of files) {
    done += yield* packOne(tar, request, { ...entry, content }, sent);
    await drop();
    request.onProgress(done);
  }
  yield* tar.end();
}

const isContent = (file: WalkedFile, refusal: string | undefined): boolean =>
  file.kind === 'file' && file.problem === null && refusal === undefined;

async function* packed(request: GuestArchiveRequest, signal: AbortSignal): AsyncGenerator<Packed> {
  for (const group of request.groups) {
    const distinct = new DistinctEntries();
    for await (const batch of request.service.walk(group.items, signal))
      for (const file of batch) yield { group, ...distinct.admit(file) };
  }
}

async function* packOne(
  tar: TarWriter,
  { sessionId }: GuestArchiveRequest,
  item: Packed & { readonly content: AsyncIterable<Uint8Array> | undefined },
  sent: SentFiles,
): AsyncGenerator<Uint8Array, number> {
  const { group, file, content } = item;
  const shown = below(group.folder, file.relativePath);
  const staged = guestPathBytes(below(below(group.folder, stagingFolder(sessionId)), file.relativePath));
  const refusal = item.refusal ?? refusalOf(file);
  if (refusal !== undefined || staged === undefined) {
    sent.leftOut.push({ path: shown, reason: refusal ?? 'a name like this cannot exist in the machine' });
    return 0;
  }
  const hash = createHash('sha256');
  const entry = guestEntry(file, staged.subarray(1));
  const outcome = yield* tar.add(entry, content && hashed(content, hash));
  if (outcome.broken !== undefined) {
    sent.leftOut.push({ path: shown, reason: outcome.broken });
    sent.broken.push(staged);
    return 0;
  }
  if (file.kind === 'directory') return 0;
  const size = content === undefined ? 0 : file.sizeBytes;
  const sha256 = content === undefined ? null : hash.digest('hex');
  sent.expected.set(keyOf(shown), { shown, sha256, size });
  sent.roomOf.set(group.folder, (sent.roomOf.get(group.folder) ?? 0) + size + 4096);
  return size;
}

/** Device files are made by the machine's own system; a socket is nothing without its program. */
function refusalOf(file: WalkedFile): string | undefined {
  if (file.problem !== null) return file.problem;
  if (file.kind === 'symlink' && file.linkTarget === null) return 'its target cannot be read';
  return ['file', 'directory', 'symlink', 'fifo'].includes(file.kind)
    ? undefined
    : 'devices and sockets are not put back';
}

/** How the machine's report names it. */
function keyOf(path: string): string {
  return Buffer.from(guestPathBytes(path) ?? []).toString('latin1');
}

async function* hashed(
  content: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    hash.update(piece);
    yield piece;
  }
}

/** Only folders of the volume itself: what is above its mount point is the guest's own. */
async function* foldersAbove(
  tar: TarWriter,
  { service }: GuestArchiveRequest,
  { folder, source }: PlacedGroup,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (source === null) return;
  const parts = source.path.split('/').filter((part) => part !== '');
  const mount = folder.slice(0, folder.length - parts.join('/').length);
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const inside = parts.slice(0, depth).join('/');
    const details = await service.details({ volumeId: source.volumeId, path: `/${inside}` }, signal);
    if (details.kind !== 'directory') return;
    const name = guestPathBytes(below(mount, inside));
    if (name !== undefined) yield* tar.add(guestEntry(details, name.subarray(1)), undefined);
  }
}

async function* staging(
  tar: TarWriter,
  { folder }: PlacedGroup,
  sessionId: string,
): AsyncGenerator<Uint8Array> {
  const name = guestPathBytes(below(folder, stagingFolder(sessionId)));
  const own = { kind: 'directory', sizeBytes: 0, mode: 0o700, owner: { uid: 0, gid: 0 } } as const;
  const entry = guestEntry(
    { ...own, modified: null, linkTarget: null },
    (name ?? new Uint8Array()).subarray(1),
  );
  yield* tar.add(entry, undefined);
}

function below(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}
