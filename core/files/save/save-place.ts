import { createHash } from 'node:crypto';
import { lstat, mkdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../contract/index.ts';
import { SaveJournal } from './save-journal.ts';
import { targetError } from './target-errors.ts';

const PREFIX = '.cairn-save-';

/** The hidden folder in the target in which a save keeps its journal and the file it is at. */
export interface SavePlace {
  readonly folder: string;
  readonly journal: string;
  readonly part: string;
}

/** `id` may be anything; the folder's name says nothing of it. */
export function savePlace(target: string, id: string): SavePlace {
  const folder = path.join(target, PREFIX + createHash('sha256').update(id).digest('hex').slice(0, 16));
  return { folder, journal: path.join(folder, 'journal'), part: path.join(folder, 'part') };
}

/** The journal of this save, from where an earlier run stopped or from the start. */
export async function openJournal(place: SavePlace, identity: string): Promise<SaveJournal> {
  try {
    await mkdir(place.folder, { mode: 0o700 }).catch(async (error: unknown) => {
      if (!(await isRealFolder(place.folder))) throw error;
    });
    const known = await SaveJournal.reopen(place.journal, identity);
    if (known !== undefined) return known;
    await rm(place.journal, { force: true });
    await rm(place.part, { force: true });
    return await SaveJournal.create(place.journal, identity);
  } catch (error) {
    throw targetError(error, place.folder);
  }
}

/** Takes the hidden folder away; what was saved stays. */
export async function removePlace(place: SavePlace): Promise<void> {
  await rm(place.part, { force: true });
  await rm(place.journal, { force: true });
  await rmdir(place.folder).catch(() => undefined);
}

/** A folder itself, not a link to one. */
export async function isRealFolder(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  return found?.isDirectory() === true;
}

export function linkInTheWay(folder: string): AppError {
  return new AppError('conflict', {
    message: `${folder} is there already and is not a folder.`,
    hint: 'Choose another folder, or move away what is there.',
    details: { field: 'target' },
  });
}
