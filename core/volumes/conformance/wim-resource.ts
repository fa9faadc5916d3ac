import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool, withDirectory } from './run-tool.ts';

const BLOB_TABLE = 48;
const ROW = 50;

export interface WimCompression {
  readonly kind: 'xpress' | 'lzx';
  readonly chunk: number;
}

/**
 * The content as wimcapture compresses it: the table of chunks and the chunks, which is also what Windows keeps in
 * a file's WofCompressedData stream. Places from Microsoft's "Windows Imaging File Format" paper.
 */
export async function wimResource(content: Uint8Array, { kind, chunk }: WimCompression): Promise<Buffer> {
  return withDirectory(async (directory) => {
    const [source, image] = [join(directory, 'source'), join(directory, 'image.wim')];
    await runTool('mkdir', source);
    await writeFile(join(source, 'file'), content);
    const options = [`--compress=${kind}`, `--chunk-size=${chunk}`, '--no-acls', '--threads=1'];
    await runTool('wimcapture', source, image, ...options);
    const wim = await readFile(image);
    const table = partOf(wim, BLOB_TABLE);
    for (let at = table.start; at + ROW <= table.start + table.length; at += ROW) {
      const { start, length, size } = partOf(wim, at);
      if (size === content.length) return wim.subarray(start, start + length);
    }
    throw new Error('the image does not hold the file');
  });
}

/** Seven bytes of length and one of flags, the place, the length before compression. */
function partOf(wim: Buffer, at: number): { start: number; length: number; size: number } {
  return {
    length: wim.readUIntLE(at, 6),
    start: Number(wim.readBigUInt64LE(at + 8)),
    size: Number(wim.readBigUInt64LE(at + 16)),
  };
}
