import { link, mkdir, mkdtemp, open, opendir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, toAppError } from '../../contract/index.ts';
import type { BlobBody, BlobInfo, BlobStore, ByteRange } from '../blob-store.ts';
import { bodyParts } from './blob-body.ts';
import { DirectFile } from './direct-file.ts';
import { flushFolder } from './flush-folder.ts';
import { checkObjectName, nameTaken, noSuchObject } from './object-name.ts';

/** Unfinished files wait here, out of sight of `list`; names of objects never start with a dot. */
const stagingFolder = '.cairn-staging';

/**
 * A folder on a local or network drive. Objects are written beside the tree, flushed, then linked to their
 * name, so a name appears whole or not at all even when the machine dies.
 * The folder is made by the first `put`.
 */
export function folderStore(directory: string): BlobStore {
  let staging: Promise<string> | undefined;
  let counter = 0;

  async function makeStaging(): Promise<string> {
    const parent = join(directory, stagingFolder);
    await mkdir(parent, { recursive: true });
    return mkdtemp(join(parent, 'w-'));
  }

  function nextStagingPath(): Promise<string> {
    staging ??= makeStaging();
    return staging.then((folder) => join(folder, String(counter++)));
  }

  return {
    async put(name: string, body: BlobBody, signal?: AbortSignal) {
      checkObjectName(name);
      signal?.throwIfAborted();
      await translated(name, async () => {
        const temporary = await nextStagingPath();
        try {
          await writeDurably(temporary, body, signal);
          await publish(temporary, join(directory, name));
        } finally {
          await rm(temporary, { force: true });
        }
      });
    },
    get: (name, range, signal) => translated(name, () => readObject(join(directory, name), range, signal)),
    getInto: (name, offset, target, signal) =>
      translated(name, () => readPart(join(directory, name), { offset, target, signal })),
    head: (name, signal) => translated(name, () => objectInfo(directory, name, signal)),
    list: (prefix, signal) => walk({ directory, folder: '', prefix }, signal),
    async delete(name: string, signal?: AbortSignal) {
      checkObjectName(name);
      signal?.throwIfAborted();
      await translated(name, () => rm(join(directory, name), { force: true }));
    },
  };
}

async function writeDurably(path: string, body: BlobBody, signal?: AbortSignal): Promise<void> {
  const file = await DirectFile.open(path, 'create');
  try {
    let offset = 0;
    for (const part of bodyParts(body)) {
      signal?.throwIfAborted();
      await file.write(offset, part);
      offset += part.length;
    }
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function publish(temporary: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  try {
    await link(temporary, target);
  } catch (thrown) {
    if (!isCode(thrown, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP')) throw thrown;
    await publishWithoutLinks(temporary, target);
  }
  await flushFolder(dirname(target));
}

/**
 * Drives without hard links (exFAT, some network shares): the exclusive creation of the target decides who
 * wins, then the finished file replaces the empty one. Only a death between the two leaves an empty object,
 * which reads as damaged, never as data.
 */
async function publishWithoutLinks(temporary: string, target: string): Promise<void> {
  const claim = await open(target, 'wx');
  await claim.close();
  await rename(temporary, target);
}

async function readObject(
  path: string,
  range: ByteRange | undefined,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (range === undefined) return readFile(path, { signal });
  const target = Buffer.allocUnsafeSlow(range.length);
  const filled = await readPart(path, { offset: range.offset, target, signal });
  return target.subarray(0, filled);
}

/** As many bytes from `offset` on as there are and fit into `target`; gives their number. */
async function readPart(
  path: string,
  part: { readonly offset: number; readonly target: Uint8Array; readonly signal: AbortSignal | undefined },
): Promise<number> {
  const { offset, target, signal } = part;
  signal?.throwIfAborted();
  const file = await open(path, 'r');
  try {
    let filled = 0;
    while (filled < target.length) {
      const { bytesRead } = await file.read(target, filled, target.length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  } finally {
    await file.close();
  }
}

async function objectInfo(
  directory: string,
  name: string,
  signal?: AbortSignal,
): Promise<BlobInfo | undefined> {
  signal?.throwIfAborted();
  try {
    const found = await stat(join(directory, name));
    return found.isFile() ? { name, size: found.size, modifiedAt: found.mtime } : undefined;
  } catch (thrown) {
    if (isCode(thrown, 'ENOENT', 'ENOTDIR')) return undefined;
    throw thrown;
  }
}

interface Walk {
  readonly directory: string;
  /** Path of the folder being listed, relative, ending with a slash unless empty. */
  readonly folder: string;
  readonly prefix: string;
}

async function* walk(at: Walk, signal?: AbortSignal): AsyncGenerator<BlobInfo> {
  for (const entry of await readSorted(join(at.directory, at.folder))) {
    signal?.throwIfAborted();
    const name = at.folder + entry;
    if (entry.endsWith('/')) {
      if (name.startsWith(at.prefix) || at.prefix.startsWith(name)) {
        yield* walk({ ...at, folder: name }, signal);
      }
    } else if (name.startsWith(at.prefix)) {
      const info = await objectInfo(at.directory, name, signal);
      if (info !== undefined) yield info;
    }
  }
}

/** Names in a folder in the order that their full paths have; folders end with a slash. */
async function readSorted(path: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of await opendir(path)) {
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) names.push(`${entry.name}/`);
      else if (entry.isFile()) names.push(entry.name);
    }
  } catch (thrown) {
    if (!isCode(thrown, 'ENOENT', 'ENOTDIR')) throw thrown;
  }
  return names.sort();
}

function isCode(thrown: unknown, ...codes: string[]): boolean {
  return thrown instanceof Error && 'code' in thrown && codes.includes(String(thrown.code));
}

async function translated<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw folderError(name, thrown);
  }
}

function folderError(name: string, thrown: unknown): AppError {
  if (isCode(thrown, 'EEXIST')) return nameTaken(name, thrown);
  if (isCode(thrown, 'ENOENT', 'ENOTDIR', 'EISDIR')) return noSuchObject(name, thrown);
  if (isCode(thrown, 'EACCES', 'EPERM', 'EROFS')) {
    return new AppError('permission-denied', {
      message: `The folder does not allow access to ${name}.`,
      hint: 'Check the permissions of the repository folder.',
      details: { object: name },
      cause: thrown,
    });
  }
  if (isCode(thrown, 'ENOSPC', 'EDQUOT')) {
    return new AppError('capacity-unavailable', {
      message: 'The drive of the repository folder is full.',
      hint: 'Free space or move the repository, then run the operation again.',
      details: { object: name },
      cause: thrown,
    });
  }
  return toAppError(thrown);
}
