import { AppError } from '../../contract/index.ts';
import type { BlobInfo, BlobStore } from '../../engine/index.ts';
import type { ReadableDisk } from '../../volumes/index.ts';
import type { PortCaller } from './port-caller.ts';

/** A store on the other side of a port; nothing can be written to it. */
export function distantStore(caller: PortCaller): BlobStore {
  return {
    get: async (name, range, signal) => (await caller.call('get', { name, range }, signal)) as Uint8Array,
    head: async (name, signal) => (await caller.call('head', { name }, signal)) as BlobInfo | undefined,
    list: (prefix, signal) => caller.stream('list', { prefix }, signal) as AsyncIterable<BlobInfo>,
    put: () => Promise.reject(readOnly()),
    delete: () => Promise.reject(readOnly()),
  };
}

export function distantDisks(caller: PortCaller, sizes: readonly number[]): ReadableDisk[] {
  return sizes.map((size, disk) => ({
    size,
    read: async (offset, length, signal) =>
      (await caller.call('readDisk', { disk, offset, length }, signal)) as Uint8Array,
  }));
}

function readOnly(): AppError {
  return new AppError('read-only', { message: 'File recovery never writes to a repository.' });
}
