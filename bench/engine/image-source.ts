import { DirectFile, type DiskSource } from '../../core/engine/index.ts';

export interface ImageSource extends DiskSource {
  readonly size: number;
  close(): Promise<void>;
}

/** A raw image file as a disk. */
export async function openImageSource(path: string): Promise<ImageSource> {
  const file = await DirectFile.open(path, 'read');
  const size = await file.size();
  async function readInto(offset: number, target: Uint8Array): Promise<void> {
    const filled = await file.readInto(offset, target);
    if (filled < target.length) throw new Error(`${path} ends at ${offset + filled}.`);
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
