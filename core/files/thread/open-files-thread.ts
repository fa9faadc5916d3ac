import type { AppError } from '../../contract/index.ts';
import type { BlobStore } from '../../engine/index.ts';
import type { ReadableDisk } from '../../volumes/index.ts';
import type { FileService } from '../file-service.ts';
import type { FileServiceLimits } from '../service/local-file-service.ts';
import { FilesThread } from './files-thread-host.ts';
import type { PortHandlers } from './port-answerer.ts';
import { servedDisks, servedStore } from './served-source.ts';
import { ThreadFileService } from './thread-file-service.ts';
import type { ThreadSource } from './thread-setup.ts';

/** Where the disks come from. */
export type FilesThreadSource =
  | {
      readonly kind: 'repository';
      /** Read on the caller's side, as it holds the credentials. Only `get`, `head` and `list` are used. */
      readonly store: BlobStore;
      readonly pointId: string;
      /** Left out for a repository without encryption. */
      readonly dataKey?: Uint8Array;
      /** Unpacked blocks kept in memory for all disks together, in bytes. Default 256 MiB. */
      readonly cacheBytes?: number;
    }
  | { readonly kind: 'images'; readonly paths: readonly string[] }
  /** Read on the caller's side. */
  | { readonly kind: 'disks'; readonly disks: readonly ReadableDisk[] };

export interface OpenFilesThreadOptions {
  readonly source: FilesThreadSource;
  readonly limits?: FileServiceLimits;
  /** The thread's entry file in a bundle. Default: the source file. */
  readonly threadUrl?: URL;
  /** Memory for the thread's objects, in MiB. Default 1024; its caches and indexes have bounds of their own. */
  readonly memoryMib?: number;
  /** Called once when the thread dies without being closed; all its calls fail from then on. */
  readonly onLost?: (error: AppError) => void;
}

const DEFAULT_MEMORY_MIB = 1024;
const nothing: PortHandlers = { calls: {}, streams: {} };

/**
 * The files of some disks, read on a thread of its own: disks come from strangers, and what they make the readers do
 * must not hold up or bring down the process. When the thread dies every call fails with one AppError. The source is
 * opened by the first call.
 */
export function openFilesThread(options: OpenFilesThreadOptions): FileService {
  const { source, handlers } = passedSource(options.source);
  const thread = new FilesThread({
    setup: { source, limits: options.limits ?? {} },
    handlers,
    threadUrl: options.threadUrl,
    memoryMib: options.memoryMib ?? DEFAULT_MEMORY_MIB,
    onLost: options.onLost,
  });
  return new ThreadFileService(thread);
}

function passedSource(source: FilesThreadSource): { source: ThreadSource; handlers: PortHandlers } {
  switch (source.kind) {
    case 'images':
      return { source, handlers: nothing };
    case 'disks': {
      const sizes = source.disks.map(({ size }) => size);
      return { source: { kind: 'disks', sizes }, handlers: servedDisks(source.disks) };
    }
    case 'repository': {
      const { kind, pointId, dataKey, cacheBytes, store } = source;
      return { source: { kind, pointId, dataKey, cacheBytes }, handlers: servedStore(store) };
    }
  }
}
