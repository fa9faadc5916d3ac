import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '../../contract/index.ts';
import { damaged, stopIfAborted } from './damage.ts';
import type { ReadableDisk } from './readable-disk.ts';

/** A raw disk image in a local file; close it when done. */
export class ImageFile implements ReadableDisk {
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  /** @throws AppError `not-found` when the file cannot be opened */
  static async open(path: string): Promise<ImageFile> {
    try {
      const handle = await open(path, 'r');
      return new ImageFile(handle, (await handle.stat()).size);
    } catch (cause) {
      throw new AppError('not-found', { message: `The image ${path} cannot be opened.`, cause });
    }
  }

  async read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      stopIfAborted(signal);
      const { bytesRead } = await this.#handle.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) throw damaged('image', 'the file ends early');
      done += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
