import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withImage } from './conformance.ts';
import { fatJudged, inFatTimes } from './fat-times.ts';
import { fillTree } from './fill-tree.ts';
import { differences, judgedTree, ourTree } from './judged-tree.ts';
import { runTool, withDirectory } from './run-tool.ts';

const formats: Readonly<Record<string, { sizeMiB: number; options: string[] }>> = {
  fat32: { sizeMiB: 300, options: ['-F', '32', '-n', 'LABEL32'] },
  fat16: { sizeMiB: 120, options: ['-F', '16', '-n', 'LABEL16'] },
  fat12: { sizeMiB: 30, options: ['-F', '12', '-s', '16', '-n', 'LABEL12'] },
};

describe('short names that mtools wrote in the code page of the machine', () => {
  for (const [page, names] of Object.entries({
    437: ['ÄÖÜ.TXT', 'ÑANDU', 'É£.¿¡', 'PLAIN.A'],
    850: ['ÄÖÜ.TXT', 'ÁÍÓ', 'ØRE.DØK', 'ÊÃÕ.ÞÐ'],
  }))
    it(page, async () => {
      await withDirectory(async (directory) => {
        const image = join(directory, 'image');
        await writeFile(image, '');
        await truncate(image, 4 * 1024 * 1024);
        await runTool('mkfs.vfat', '-F', '12', image);
        await writeFile(join(directory, 'source'), 'short');
        await writeFile(join(directory, 'rc'), `default_codepage=${page}\nmtools_no_vfat=1\n`);
        const copy = 'MTOOLSRC="$0" LC_ALL=C.UTF-8 mcopy -i "$1" "$2" "::$3"';
        for (const name of names)
          await runTool('sh', '-c', copy, join(directory, 'rc'), image, join(directory, 'source'), name);
        await withImage([image], async (volume, signal) => {
          const listed = await volume.list(volume.root, signal);
          expect(listed.map(({ name }) => name.text).toSorted()).toEqual(names.toSorted());
        });
        const isLong = (await readFile(image)).includes(Buffer.from('ÄÖÜ', 'utf16le'));
        expect(isLong, 'a long name beside the short one').toBe(false);
      });
    });
});

describe('FAT written by mtools reads like what was written', () => {
  for (const [kind, { sizeMiB, options }] of Object.entries(formats))
    it(kind, async () => {
      await withDirectory(async (directory) => {
        const [image, source] = [join(directory, 'image'), join(directory, 'source')];
        await runTool('mkdir', source);
        await fillTree(source, {
          files: kind === 'fat32' ? 600 : 60,
          unix: false,
          exotic: false,
          holes: false,
        });
        // mtools cannot write characters beyond the first 65536.
        await rm(join(source, 'names', '😀 emoji'));
        await writeFile(image, '');
        await truncate(image, sizeMiB * 1024 * 1024);
        await runTool('mkfs.vfat', ...options, image);
        await runTool('sh', '-c', 'TZ=UTC LC_ALL=C.UTF-8 mcopy -s -m -Q -i "$0" "$1"/* ::', image, source);
        const expected = inFatTimes(await judgedTree(source, fatJudged));
        await withImage([image], async (volume, signal) => {
          expect(volume.facts).toMatchObject({ kind, label: options.at(-1), state: 'clean' });
          const actual = await ourTree(volume, fatJudged, signal);
          expect(differences(expected, actual).slice(0, 20)).toEqual([]);
        });
        expect(expected.size).toBeGreaterThan(100);
      });
    });
});
