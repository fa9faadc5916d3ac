import { open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withImage } from './conformance.ts';
import { fillTree } from './fill-tree.ts';
import { differences, judgedTree, ourTree } from './judged-tree.ts';
import { runTool, withDirectory, withLoop, withMount } from './run-tool.ts';

const MIB = 1024 * 1024;
const EXTENT = 4 * MIB;
const DATA_START = MIB;

it('LVM over two disks: a volume of two segments and a striped one read like the kernel shows them', async () => {
  await withDirectory(async (directory) => {
    const disks = ['disk-a', 'disk-b'].map((name) => join(directory, name));
    for (const disk of disks) await emptyFile(disk, 200);
    await withLoop(disks[0] ?? '', (a) => withLoop(disks[1] ?? '', (b) => makeGroup(a, b)));
    const point = join(directory, 'mount');

    const segmented = join(directory, 'segmented');
    const expectedSegmented = await makeFileSystem(segmented, { sizeMiB: 112, point });
    await copyPiece({ from: segmented, at: 0, length: 10 * EXTENT }, disks[0] ?? '', DATA_START);
    await copyPiece({ from: segmented, at: 10 * EXTENT, length: 18 * EXTENT }, disks[1] ?? '', DATA_START);

    const striped = join(directory, 'striped');
    const expectedStriped = await makeFileSystem(striped, { sizeMiB: 112, point });
    for (let row = 0; row < (112 * MIB) / 65536; row++) {
      const firstExtent = row % 2 === 0 ? 10 : 18;
      const place = DATA_START + firstExtent * EXTENT + Math.floor(row / 2) * 65536;
      await copyPiece({ from: striped, at: row * 65536, length: 65536 }, disks[row % 2] ?? '', place);
    }

    for (const [id, expected] of [
      ['data-segmented', expectedSegmented],
      ['data-striped', expectedStriped],
    ] as const)
      await withImage(
        disks,
        async (volume, signal) => {
          expect(volume.facts).toMatchObject({ kind: 'ext4', state: 'clean', size: 112 * MIB });
          expect(differences(expected, await ourTree(volume, {}, signal)).slice(0, 20)).toEqual([]);
        },
        (volume) => volume.facts.id === id,
      );

    await withImage(
      disks.slice(0, 1),
      async (volume) =>
        expect(volume.facts).toMatchObject({
          state: 'unsupported',
          note: expect.stringContaining('not part of this point'),
        }),
      (volume) => volume.facts.id === 'data-segmented',
    );
  });
});

/** The kernel of the build machine has no device mapper, so the tools only write the description. */
async function makeGroup(a: string, b: string): Promise<void> {
  const quiet = ['--driverloaded', 'n'] as const;
  const create = ['lvcreate', ...quiet, '-y', '-an', '-Zn', '-Wn'] as const;
  await runTool('pvcreate', '-q', '-ff', '-y', a, b);
  await runTool('vgcreate', ...quiet, '-q', '-s', '4m', 'data', a, b);
  await runTool(...create, '-l', '10', '-n', 'segmented', 'data', a);
  await runTool('lvextend', ...quiet, '-l', '+18', 'data/segmented', b);
  await runTool(...create, '-i', '2', '-I', '64k', '-l', '28', '-n', 'striped', 'data', a, b);
}

async function makeFileSystem(
  image: string,
  { sizeMiB, point }: { sizeMiB: number; point: string },
): ReturnType<typeof judgedTree> {
  await emptyFile(image, sizeMiB);
  await runTool('mkfs.ext4', '-q', '-F', image);
  await withMount(['mount', '-o', 'loop,noatime', image], point, () =>
    fillTree(point, { files: 200, unix: true, exotic: true, holes: false }),
  );
  return withMount(['mount', '-o', 'loop,ro', image], point, () => judgedTree(point, {}));
}

async function emptyFile(path: string, sizeMiB: number): Promise<void> {
  await writeFile(path, '');
  await truncate(path, sizeMiB * MIB);
}

async function copyPiece(
  piece: { from: string; at: number; length: number },
  to: string,
  place: number,
): Promise<void> {
  const [source, target] = [await open(piece.from, 'r'), await open(to, 'r+')];
  const bytes = Buffer.alloc(piece.length);
  await source.read(bytes, 0, piece.length, piece.at);
  await target.write(bytes, 0, piece.length, place);
  await Promise.all([source.close(), target.close()]);
}
