import { access, constants, lstat, realpath, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../contract/index.ts';

/**
 * Checks where a download is going to be written and answers the folder that is there already. Throws an AppError in the operator's words for what can be known before:
 * a relative path, Cairn's own data, a missing or write-protected folder, something that is there already.
 */
export async function checkTarget(wish: {
  readonly path: string;
  readonly replace: boolean;
  readonly kind: 'file' | 'folder';
  /** Nothing is ever saved in there. */
  readonly dataDirectory: string;
}): Promise<string> {
  const { path: target, kind } = wish;
  if (!path.isAbsolute(target) || target.includes('\0'))
    throw refusal(
      'invalid-input',
      'The target must be an absolute path.',
      'Give the whole path, from the root on.',
    );
  const parent = path.dirname(path.resolve(target));
  const folder = kind === 'folder' && (await isFolder(target)) ? target : parent;
  if (!(await isFolder(folder)))
    throw refusal(
      'not-found',
      `There is no folder ${folder} on this computer.`,
      'Create it, or choose another one.',
    );
  await refuseOwnData(folder, path.basename(target), wish.dataDirectory);
  await refuseProtected(folder);
  if (kind === 'file') await refuseExisting(target, wish.replace);
  else if (folder === parent && (await exists(target)))
    throw refusal('conflict', `${target} is there already and is not a folder.`, 'Choose another name.');
  return folder;
}

/** The real place counts: a link must not lead into Cairn's data. */
async function refuseOwnData(folder: string, name: string, dataDirectory: string): Promise<void> {
  const own = await realpath(dataDirectory);
  const real = path.join(await realpath(folder), name);
  const way = path.relative(own, real);
  const inside = way === '' || (!way.startsWith(`..${path.sep}`) && way !== '..' && !path.isAbsolute(way));
  if (inside)
    throw refusal(
      'invalid-input',
      'This is the folder where Cairn keeps its own data.',
      'Choose another folder.',
    );
}

async function refuseProtected(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch {
    throw refusal('permission-denied', `Cairn may not write into ${folder}.`, 'Choose another folder.');
  }
}

async function refuseExisting(target: string, replace: boolean): Promise<void> {
  if (await isFolder(target))
    throw refusal('conflict', `${target} is a folder.`, 'Choose a name for the file.');
  if (!replace && (await exists(target)))
    throw refusal(
      'already-exists',
      `${target} is there already.`,
      'Choose another name, or let it be replaced.',
    );
}

/** Throws when the file system of a folder has less room than that. */
export async function checkSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new AppError('quota-exceeded', {
    message: `There is not enough room in ${folder}: ${mebibytes(bytes)} are needed, ${mebibytes(free)} are free.`,
    hint: 'Make room, or choose a folder on another disk.',
    details: { field: 'target', neededBytes: String(bytes), freeBytes: String(free) },
  });
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 ** 2).toLocaleString('en')} MiB`;
}

async function isFolder(place: string): Promise<boolean> {
  return (await stat(place).catch(() => null))?.isDirectory() ?? false;
}

async function exists(place: string): Promise<boolean> {
  return (await lstat(place).catch(() => null)) !== null;
}

function refusal(
  code: 'invalid-input' | 'not-found' | 'permission-denied' | 'conflict' | 'already-exists',
  message: string,
  hint: string,
): AppError {
  return new AppError(code, { message, hint, details: { field: 'target' } });
}
