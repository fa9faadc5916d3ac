import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withImage } from './conformance.ts';
import { noise } from './fill-tree.ts';
import { runTool, withDirectory, withMount } from './run-tool.ts';
import { wimResource } from './wim-resource.ts';

/** By the numbers that Windows gives them. */
const algorithms = [
  { number: 0, kind: 'xpress', chunk: 4096 },
  { number: 1, kind: 'lzx', chunk: 32_768 },
  { number: 2, kind: 'xpress', chunk: 8192 },
  { number: 3, kind: 'xpress', chunk: 16_384 },
] as const;

const SET_REPARSE_POINT =
  "import os, sys; os.setxattr(sys.argv[1], 'system.ntfs_reparse_data', bytes.fromhex(sys.argv[2]))";

/** Tag, length, then the version and provider of the filter, the version and algorithm of the provider, flags. */
function reparsePoint(algorithm: number): string {
  const words = [0x80000017, 20, 1, 2, 1, algorithm, 0];
  return Buffer.from(new Uint32Array(words).buffer).toString('hex');
}

/** A program, text, zeros, all of them behind what does not compress, and less than a chunk. */
async function contents(): Promise<Buffer[]> {
  const program = await readFile(process.execPath).then((bytes) => bytes.subarray(4096, 4096 + 3_000_001));
  const text = Buffer.from(Array.from({ length: 20_000 }, (_, line) => `line ${line * 7919}\n`).join(''));
  const zeros = Buffer.alloc(400_000);
  const incompressible = noise('wof', 100_000);
  return [program, text, zeros, Buffer.concat([incompressible, text, zeros, program]), text.subarray(0, 700)];
}

describe('files compressed by Windows read like what was compressed', () => {
  for (const { number, kind, chunk } of algorithms)
    it(`${kind} in chunks of ${chunk}`, async () => {
      await withDirectory(async (directory) => {
        const [image, point] = [join(directory, 'image'), join(directory, 'mount')];
        await writeFile(image, '');
        await truncate(image, 60 * 1024 * 1024);
        await runTool('mkntfs', '-q', '-F', '-Q', image);
        const originals = await contents();
        await withMount(['ntfs-3g', '-o', 'loop,streams_interface=windows', image], point, async () => {
          for (const [index, content] of originals.entries()) {
            const path = join(point, `file${index}`);
            await writeFile(path, '');
            await truncate(path, content.length);
            await writeFile(`${path}:WofCompressedData`, await wimResource(content, { kind, chunk }));
            await runTool('python3', '-c', SET_REPARSE_POINT, path, reparsePoint(number));
          }
        });
        await withImage([image], async (volume, signal) => {
          for (const [index, content] of originals.entries()) {
            const id = await volume.resolve(`/file${index}`, signal);
            expect(await volume.stat(id, signal)).toMatchObject({
              kind: 'file',
              size: content.length,
              streams: [],
              unreadable: undefined,
            });
            const parts: Uint8Array[] = [];
            for await (const bytes of volume.stream(id, {}, signal)) parts.push(bytes);
            expect(Buffer.concat(parts).equals(content), `file${index}`).toBe(true);
            const range = { offset: Math.floor(content.length / 3), length: 5000 };
            const some = await volume.read(id, range, signal);
            expect(content.subarray(range.offset, range.offset + 5000).equals(some)).toBe(true);
          }
        });
      });
    });
});
