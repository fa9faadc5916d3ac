import { createHash } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../../core/contract/index.ts';

export interface DataLock {
  release(): Promise<void>;
}

/**
 * One core at a time on a data directory. The lock is a local socket (Linux: abstract; Windows: named pipe), which the
 * operating system gives back when the process ends in whatever way. Who holds it says who it is. Throws `conflict`.
 */
export async function lockDataDirectory(directory: string, holder: string): Promise<DataLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const name = socketName(await realpath(directory));
  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(`${holder} (process ${process.pid})`);
  });
  const listening = await tryListen(server, name);
  if (!listening) {
    const other = await whoListens(name);
    if (other !== null || !(await removeStale(name)) || !(await tryListen(server, name)))
      throw inUse(directory, other);
  }
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

function socketName(directory: string): string {
  const name = `cairn-${createHash('sha256').update(directory).digest('hex').slice(0, 32)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return process.platform === 'linux' ? `\0${name}` : path.join(os.tmpdir(), `${name}.lock`);
}

function tryListen(server: net.Server, name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => {
      server.removeListener('listening', onListening);
      if ('code' in error && error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    const onListening = () => {
      server.removeListener('error', onError);
      resolve(true);
    };
    server.once('error', onError).once('listening', onListening).listen(name);
  });
}

/** What the holder of the lock says; null when nobody answers (a socket file left by a process that was killed). */
function whoListens(name: string): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    const socket = net.connect(name);
    socket.setEncoding('utf8').setTimeout(2000, () => socket.destroy());
    socket.on('data', (chunk: string) => {
      if (text.length < 200) text += chunk;
    });
    socket.on('error', (error) => {
      if ('code' in error && error.code === 'ECONNREFUSED') resolve(null);
    });
    socket.on('close', () => resolve(text));
  });
}

async function removeStale(name: string): Promise<boolean> {
  if (name.startsWith('\0') || name.startsWith('\\\\')) return false;
  await rm(name, { force: true });
  return true;
}

function inUse(directory: string, other: string | null): AppError {
  return new AppError('conflict', {
    message: `The data directory ${directory} is in use by ${other || 'another process'}.`,
    hint: 'Close that one first, or choose another directory with --data-directory.',
    retryable: true,
    details: { field: 'data-directory' },
  });
}
