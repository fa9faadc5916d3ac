import { lstat, rmdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { SaveJournal, type SaveOutcome } from './save-journal.ts';
import { isRealFolder, removePlace, savePlace } from './save-place.ts';

/**
 * Takes away what an unfinished save has written: its files as far as they are as it left them, the folders that it
 * made and that are empty then, and its journal. `folder`: the target folder, or the folder of the target file.
 */
export async function discardSave(folder: string, id: string): Promise<void> {
  const place = savePlace(folder, id);
  if (!(await isRealFolder(place.folder))) return;
  const journal = await SaveJournal.reopen(place.journal);
  const made: string[] = [];
  for (let done = await journal?.replayed(); done !== undefined; done = await journal?.replayed())
    await undo(folder, done, made);
  await journal?.close();
  for (const empty of made.reverse()) await rmdir(path.join(folder, empty)).catch(() => undefined);
  await removePlace(place);
}

async function undo(folder: string, done: SaveOutcome, made: string[]): Promise<void> {
  if (done.kind === 'left') return;
  if (done.kind === 'folder') {
    if (done.made) made.push(done.to);
    return;
  }
  if (!(await reachable(folder, done.to))) return;
  const target = path.join(folder, done.to);
  const found = await lstat(target).catch(() => undefined);
  const own = done.kind === 'link' ? found?.isSymbolicLink() : found?.isFile() && found.size === done.bytes;
  if (own) await unlink(target).catch(() => undefined);
}

/** Nothing is removed through a link. */
async function reachable(folder: string, savedAs: string): Promise<boolean> {
  const parts = savedAs.split('/').slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth++)
    if (!(await isRealFolder(path.join(folder, ...parts.slice(0, depth))))) return false;
  return true;
}
