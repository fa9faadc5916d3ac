import { createHash } from 'node:crypto';
import { createReadStream, type Dirent, readFileSync } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { fileNameFromBytes, type NodeKind } from '../tree/index.ts';
import type { Volume } from '../volume.ts';

/** One entry reduced to what two readers of the same file system must agree on. */
export interface JudgedNode {
  readonly kind: NodeKind;
  readonly size: number | undefined;
  readonly modified: bigint | undefined;
  readonly accessed: bigint | undefined;
  readonly changed: bigint | undefined;
  readonly mode: number | undefined;
  readonly owner: string | undefined;
  readonly links: number | undefined;
  readonly allocated: number | undefined;
  readonly id: number | undefined;
  readonly device: string | undefined;
  readonly target: string | undefined;
  readonly sha256: string | undefined;
}

export type JudgedTree = Map<string, JudgedNode>;

/** Which facts the judge can be trusted with; the others are left out on both sides. */
export type Judged = Partial<Record<keyof JudgedNode, boolean>>;

/** Content above this is not hashed; the sparse file that every tree has is longer. */
const HASHED_UP_TO = 2_000_000_000;
/** Content up to this is read at once, which is several times quicker. */
const READ_AT_ONCE = 1_000_000;

/** The tree as the kernel (or a FUSE file system) shows it. */
export async function judgedTree(root: string, judged: Judged): Promise<JudgedTree> {
  const tree: JudgedTree = new Map();
  await judgeDirectory(Buffer.from(root), '', { tree, judged });
  return tree;
}

async function judgeDirectory(
  directory: Buffer,
  shown: string,
  into: { tree: JudgedTree; judged: Judged },
): Promise<void> {
  const entries: Dirent<Buffer>[] = await readdir(directory, { encoding: 'buffer', withFileTypes: true });
  for (const entry of entries) {
    const path = Buffer.concat([directory, Buffer.from('/'), entry.name]);
    const shownPath = `${shown}/${fileNameFromBytes(entry.name).text}`;
    const stats = await lstat(path, { bigint: true });
    const kind = kindOf(stats);
    const special = kind === 'character-device' || kind === 'block-device';
    const content = kind === 'file' && stats.size <= HASHED_UP_TO;
    const node: JudgedNode = {
      kind,
      size: kind === 'directory' ? undefined : Number(stats.size),
      modified: stats.mtimeNs,
      accessed: stats.atimeNs,
      changed: stats.ctimeNs,
      mode: Number(stats.mode) & 0o7777,
      owner: `${stats.uid}:${stats.gid}`,
      links: Number(stats.nlink),
      allocated: Number(stats.blocks) * 512,
      id: Number(stats.ino),
      device: special ? deviceText(Number(stats.rdev)) : undefined,
      target: kind === 'symlink' ? (await readlink(path, { encoding: 'hex' })).toString() : undefined,
      sha256: content ? await hashOfFile(path, Number(stats.size)) : undefined,
    };
    into.tree.set(shownPath, only(node, into.judged));
    if (kind === 'directory') await judgeDirectory(path, shownPath, into);
  }
}

/** The same tree through our reader. */
export async function ourTree(volume: Volume, judged: Judged, signal: AbortSignal): Promise<JudgedTree> {
  const tree: JudgedTree = new Map();
  for await (const node of volume.walk({ id: volume.root, path: '' }, signal)) {
    const { info } = node;
    if (info === undefined || node.problem !== undefined) throw new Error(`${node.path}: ${node.problem}`);
    const link = info.kind === 'symlink' ? await volume.readlink(node.id, signal) : undefined;
    const content = info.kind === 'file' && info.size <= HASHED_UP_TO;
    const ours: JudgedNode = {
      kind: info.kind,
      size: info.kind === 'directory' ? undefined : info.size,
      modified: info.times.modified,
      accessed: info.times.accessed,
      changed: info.times.changed,
      mode: info.mode,
      owner: info.owner === undefined ? undefined : `${info.owner.uid}:${info.owner.gid}`,
      links: info.links,
      allocated: info.allocated,
      id: info.id,
      device: info.device === undefined ? undefined : `${info.device.major}:${info.device.minor}`,
      target: link === undefined ? undefined : Buffer.from(link.bytes).toString('hex'),
      sha256: content ? await hashOf(volume.stream(node.id, {}, signal)) : undefined,
    };
    tree.set(node.path, only(ours, judged));
  }
  return tree;
}

/** Everything that the two trees do not agree on, in words; empty when they are equal. */
export function differences(expected: JudgedTree, actual: JudgedTree): string[] {
  const found: string[] = [];
  for (const [path, node] of expected) {
    const other = actual.get(path);
    if (other === undefined) found.push(`${path}: missing`);
    else
      for (const key of Object.keys(node) as (keyof JudgedNode)[])
        if (node[key] !== other[key]) found.push(`${path}: ${key} is ${other[key]}, not ${node[key]}`);
  }
  for (const path of actual.keys()) if (!expected.has(path)) found.push(`${path}: should not be there`);
  return found;
}

function only(node: JudgedNode, judged: Judged): JudgedNode {
  const kept = Object.entries(node).map(([key, value]) => [
    key,
    judged[key as keyof JudgedNode] === false ? undefined : value,
  ]);
  return Object.fromEntries(kept) as JudgedNode;
}

async function hashOfFile(path: Buffer, size: number): Promise<string> {
  if (size > READ_AT_ONCE) return hashOf(createReadStream(path, { highWaterMark: 1_048_576 }));
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

async function hashOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

function kindOf(stats: {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isFIFO(): boolean;
  isCharacterDevice(): boolean;
  isBlockDevice(): boolean;
}): NodeKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isCharacterDevice()) return 'character-device';
  return stats.isBlockDevice() ? 'block-device' : 'socket';
}

/** The C library's 64-bit device numbers. */
function deviceText(device: number): string {
  const low = device % 0x1_0000_0000;
  const high = Math.floor(device / 0x1_0000_0000);
  const major = ((low >>> 8) & 0xfff) + (high & 0xfffff000);
  const minor = (low & 0xff) + ((low >>> 12) & 0xfff00);
  return `${major}:${minor}`;
}
