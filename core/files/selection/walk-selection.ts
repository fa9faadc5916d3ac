import type { FileSelection, WalkedFile } from '../../contract/index.ts';
import type { Volume, WalkedNode } from '../../volumes/index.ts';
import { bareEntry, fileEntry } from '../service/file-entry.ts';
import type { OpenPoint } from '../service/open-point.ts';
import { type SelectionRoot, selectionRoots } from './selection-roots.ts';

/** Most entries of one batch. */
const BATCH = 256;

/** Everything that a selection takes along, in batches, parents before children. Links are not followed. */
export async function* walkSelection(
  point: OpenPoint,
  selection: FileSelection,
  signal: AbortSignal,
): AsyncGenerator<readonly WalkedFile[]> {
  let batch: WalkedFile[] = [];
  for (const root of selectionRoots(selection, (volumeId) => point.shownVolume(volumeId))) {
    for await (const file of walkRoot(point, root, signal)) {
      batch.push(file);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

async function* walkRoot(
  point: OpenPoint,
  root: SelectionRoot,
  signal: AbortSignal,
): AsyncGenerator<WalkedFile> {
  const volume = point.readableVolume(root.volumeId);
  const node = await point.node(root, signal);
  const info = await volume.stat(node, signal);
  const top = { name: root.relativePath, path: root.path };
  const own = { volumeId: root.volumeId, relativePath: root.relativePath, links: info.links, node };
  yield { ...(await fileEntry(volume, top, info, signal)), ...own };
  if (info.kind !== 'directory' || info.unreadable !== undefined) return;
  const above = root.path === '/' ? 0 : root.path.length;
  for await (const walked of volume.walk({ id: node, path: root.path }, signal)) {
    point.remember(root.volumeId, walked.path, walked.id);
    const relativePath = root.relativePath + walked.path.slice(above);
    yield await walkedFile(volume, walked, { volumeId: root.volumeId, relativePath }, signal);
  }
}

async function walkedFile(
  volume: Volume,
  walked: WalkedNode,
  at: { readonly volumeId: string; readonly relativePath: string },
  signal: AbortSignal,
): Promise<WalkedFile> {
  const { info, path, problem } = walked;
  const place = { name: walked.name.text, path };
  const own = { ...at, links: info?.links ?? 0, node: walked.id };
  if (info === undefined) return { ...bareEntry(place, walked), ...own };
  const entry = await fileEntry(volume, place, info, signal);
  return { ...entry, problem: problem ?? entry.problem, ...own };
}
