import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../../core/contract/index.ts';
import {
  decodeKeyFile,
  encodeKeyFile,
  flushFolder,
  type KeyFile,
  longestKeyFile,
} from '../../../core/engine/index.ts';
import type { CliIo } from '../cli-io.ts';

const isPosix = process.platform !== 'win32';

/**
 * The key file at `path`, or what standard input gives for `-`. `invalid-input` when it cannot be read, or when others
 * than its owner may; `damaged` when it is not whole.
 */
export async function readKeyFile(path: string, io: CliIo): Promise<KeyFile> {
  if (path === '-') return decodeKeyFile(await beginningOf(io.stdin));
  const file = await open(path, 'r').catch((cause: unknown) => Promise.reject(unreadable(path, cause)));
  try {
    await requireOwnerOnly(file, path);
    return decodeKeyFile(await beginningOf(file.createReadStream({ autoClose: false })));
  } finally {
    await file.close();
  }
}

/** What is longer than a key file is none, however long it is. */
async function beginningOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += Buffer.from(chunk as Uint8Array).toString('latin1');
    if (text.length > longestKeyFile) break;
  }
  return text;
}

/** Windows has no such bits: there the folder's rights protect the file. */
async function requireOwnerOnly(file: FileHandle, path: string): Promise<void> {
  const { mode } = await file.stat();
  if (!isPosix || (mode & 0o077) === 0) return;
  throw refused(`Others than its owner have rights to the file ${path}.`, `chmod 600 ${path}`);
}

/** A new file that its owner alone may read, on the drive when this returns. Never over another one. */
export async function createKeyFile(path: string, keyFile: KeyFile): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => Promise.reject(notMade(path, cause)));
  try {
    await file.writeFile(encodeKeyFile(keyFile));
    await file.sync();
    await flushFolder(dirname(path));
  } catch (cause) {
    await rm(path, { force: true });
    throw notMade(path, cause);
  } finally {
    await file.close();
  }
}

function unreadable(path: string, cause: unknown): AppError {
  return refused(`The file ${path} cannot be read.`, 'Check its path and rights.', cause);
}

function notMade(path: string, cause: unknown): AppError {
  if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')
    return refused(
      `The file ${path} exists already.`,
      'Choose another name; key files are never overwritten.',
    );
  return refused(`The file ${path} cannot be made.`, 'Check the folder and its rights.', cause);
}

function refused(message: string, hint: string, cause?: unknown): AppError {
  return new AppError('invalid-input', { message, hint, details: { field: 'key-file' }, cause });
}
