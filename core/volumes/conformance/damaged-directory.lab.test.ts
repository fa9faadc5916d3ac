import { mkdir, open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WalkedNode } from '../listed-node.ts';
import { buildIndex } from '../search/index.ts';
import { withImage } from './conformance.ts';
import { runTool, withDirectory, withMount } from './run-tool.ts';

const FILES = 2000;
const MARK = 'number-1234-';

const formats: Readonly<Record<string, readonly [string, ...string[]]>> = {
  ext4: ['mkfs.ext4', '-q', '-F'],
  xfs: ['mkfs.xfs', '-q', '-f'],
};

describe('a damaged block of a directory is reported, not misread, and keeps nobody from the rest', () => {
  for (const [name, format] of Object.entries(formats))
    it(name, async () => {
      await withDirectory(async (directory) => {
        const image = join(directory, 'image');
        const point = join(directory, 'mount');
        await writeFile(image, '');
        await truncate(image, 320 * 1024 * 1024);
        const [command, ...args] = format;
        await runTool(command, ...args, image);
        await withMount(['mount', '-o', 'loop', image], point, async () => {
          for (const folder of ['many', 'other']) await mkdir(join(point, folder));
          for (let index = 0; index < FILES; index++)
            await writeFile(join(point, 'many', `number-${index}-${'x'.repeat(40)}`), '');
          await writeFile(join(point, 'other', 'file'), 'still here');
        });
        await changeName(image);
        await withImage([image], async (volume, signal) => {
          expect(volume.facts.state).toBe('clean');
          const nodes: WalkedNode[] = [];
          for await (const node of volume.walk({ id: volume.root, path: '' }, signal)) nodes.push(node);
          const problems = nodes.filter(({ problem }) => problem !== undefined);
          expect(problems).toMatchObject([
            { path: '/many', problem: expect.stringContaining('1 of its blocks') },
          ]);
          const names = nodes.filter(({ path }) => path.startsWith('/many/number-'));
          expect(names.length).toBeGreaterThan(FILES - 120);
          expect(names.length).toBeLessThan(FILES);
          expect(nodes.some(({ path }) => path.includes('NUMBER'))).toBe(false);
          expect(nodes.some(({ path }) => path === '/other/file')).toBe(true);
          const many = await volume.resolve('/many', signal);
          await expect(volume.list(many, signal)).rejects.toMatchObject({ code: 'damaged' });
          const { index, unread } = await buildIndex(volume, { signal });
          expect({ count: index.count, unread }).toEqual({ count: nodes.length - 1, unread: 1 });
        });
      });
    });
});

/** As a bad cable or disk would do it: in the block of the directory, without its checksum. */
async function changeName(image: string): Promise<void> {
  const found = await runTool('grep', '-abo', MARK, image);
  const file = await open(image, 'r+');
  for (const line of found.trim().split('\n')) {
    const at = Number(line.split(':')[0]);
    // The journal holds copies of the block, which are older and not looked at.
    await file.write(MARK.toUpperCase(), at);
  }
  await file.close();
}
