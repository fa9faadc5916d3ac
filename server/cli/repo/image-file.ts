import { AppError } from '../../../core/contract/index.ts';
import { DirectFile, type DiskSink, type DiskSource } from '../../../core/engine/index.ts';
import { vhdFooter } from './vhd-footer.ts';

export interface ImageSource extends DiskSource {
  readonly size: number;
  close(): Promise<void>;
}

/** A raw image file as a disk to back up. */
export async function openImage(path: string): Promise<ImageSource> {
  const file = await DirectFile.open(path, 'read').catch((cause: unknown) => {
    throw fileRefused(path, 'cannot be read', cause);
  });
  const size = await file.size();
  async function readInto(offset: number, target: Uint8Array): Promise<void> {
    if ((await file.readInto(offset, target)) === target.length) return;
    throw fileRefused(path, 'became shorter while it was read');
  }
  return {
    size,
    readInto,
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      await readInto(offset, bytes);
      return bytes;
    },
    close: () => file.close(),
  };
}

export interface ImageTarget extends DiskSink {
  /** Flushes and closes; for a VHD, writes its footer first. */
  finish(): Promise<void>;
  /** Closes without finishing. */
  abandon(): Promise<void>;
}

export interface ImageTargetOptions {
  readonly size: number;
  readonly format: 'raw' | 'vhd';
  readonly force: boolean;
  /** For the footer of a VHD. */
  readonly diskId: Uint8Array;
}

/** A new sparse file: what is never written stays a hole. */
export async function createImage(path: string, options: ImageTargetOptions): Promise<ImageTarget> {
  const file = await DirectFile.open(path, options.force ? 'overwrite' : 'create').catch((cause: unknown) => {
    throw fileRefused(path, 'exists already or cannot be written', cause);
  });
  await file.truncate(options.size);
  return {
    write: (offset, bytes) => file.write(offset, bytes),
    async finish() {
      if (options.format === 'vhd') await file.write(options.size, vhdFooter(options.size, options.diskId));
      await file.sync();
      await file.close();
    },
    abandon: () => file.close(),
  };
}

function fileRefused(path: string, reason: string, cause?: unknown): AppError {
  return new AppError('invalid-input', {
    message: `The file ${path} ${reason}.`,
    hint: 'Check the path; `get --force` overwrites a file.',
    details: { field: 'file' },
    cause,
  });
}
