import { open } from 'node:fs/promises';
import type { DiskSource } from '../../core/engine/index.ts';

export interface ImageSource extends DiskSource {
  readonly size: number;
  close(): Promise<void>;
}

/** A raw image file as a disk. */
export async function openImageSource(path: string): Promise<ImageSource> {
  const file = await open(path);
  const { size } = await file.stat();
  async function readInto(offset: number, target: Uint8Array): Promise<void> {
    let done = 0;
    while (done < target.length) {
      const { bytesRead } = await file.read(target, done, target.length - done, offset + done);
      if (bytesRead === 0) throw new Error(`${path} ends at ${offset + done}.`);
      done += bytesRead;
    }
  }
  return {
    size,
    readInto,
    async read(offset, length) {
      const bytes = Buffer.allocUnsafeSlow(length);
      await readInto(offset, bytes);
      return bytes;
    },
    close: () => file.close(),
  };
}
