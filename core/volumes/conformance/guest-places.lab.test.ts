import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ImageFile } from '../disk/index.ts';
import { guestPlaces } from '../guest/index.ts';
import { openVolumes } from '../open-volumes.ts';
import { runTool, withDirectory, withMount } from './run-tool.ts';
import { gptDevice, mbrDevice, writeSystemHive } from './system-hive.ts';

const MIB = 1024 * 1024;

async function makeDisk(disk: string, { sizeMiB, table }: { sizeMiB: number; table: string }): Promise<void> {
  await writeFile(disk, '');
  await truncate(disk, sizeMiB * MIB);
  execFileSync('sfdisk', ['-q', disk], { input: table });
}

async function putIn(disk: string, part: { image: string; atMiB: number }): Promise<void> {
  const place = [`if=${part.image}`, `of=${disk}`, `seek=${part.atMiB}`];
  await runTool('dd', ...place, 'bs=1M', 'conv=notrunc,sparse', 'status=none');
}

async function makeFileSystem(
  image: string,
  sizeMiB: number,
  ...command: [string, ...string[]]
): Promise<void> {
  await writeFile(image, '');
  await truncate(image, sizeMiB * MIB);
  await runTool(...command, image);
}

async function placesOf(disks: readonly string[]): Promise<unknown> {
  const { signal } = new AbortController();
  const files = await Promise.all(disks.map((disk) => ImageFile.open(disk)));
  try {
    return Object.fromEntries(await guestPlaces(await openVolumes(files, { signal }), signal));
  } finally {
    for (const file of files) await file.close();
  }
}

describe('what a guest calls its volumes', () => {
  it('drive letters, from a registry on a disk with GPT, of that disk and of one with MBR', async () => {
    await withDirectory(async (directory) => {
      const [system, data, image, hive] = ['system', 'data', 'image', 'SYSTEM'].map((name) =>
        join(directory, name),
      ) as [string, string, string, string];
      const id = '8F2C1D3E-1111-4222-9333-0123456789AB';
      const table = `label: gpt\nstart=2048, size=20480\nstart=22528, size=81920, uuid=${id}\n`;
      await makeDisk(system, { sizeMiB: 60, table });
      await makeDisk(data, { sizeMiB: 60, table: 'label: dos\nlabel-id: 0x1234abcd\nstart=2048, type=7\n' });
      await writeSystemHive(hive, {
        '\\DosDevices\\C:': gptDevice(id),
        '\\DosDevices\\F:': mbrDevice(0x1234abcd, MIB),
        '\\DosDevices\\G:': mbrDevice(0x1234abcd, 2 * MIB),
      });
      await makeFileSystem(image, 40, 'mkntfs', '-q', '-F', '-Q');
      await withMount(['ntfs-3g', '-o', 'loop', image], join(directory, 'mount'), async () => {
        const config = join(directory, 'mount', 'Windows', 'system32', 'config');
        await mkdir(config, { recursive: true });
        await copyFile(hive, join(config, 'SYSTEM'));
      });
      await putIn(system, { image, atMiB: 11 });
      await makeFileSystem(image, 40, 'mkntfs', '-q', '-F', '-Q');
      await putIn(data, { image, atMiB: 1 });
      expect(await placesOf([system, data])).toEqual({ 'disk0-part2': ['C:'], 'disk1-part1': ['F:'] });
    });
  });

  it('mount points, from the fstab of the root; a second system says nothing', async () => {
    await withDirectory(async (directory) => {
      const [system, data, image, tree] = ['system', 'data', 'image', 'tree'].map((name) =>
        join(directory, name),
      ) as [string, string, string, string];
      const uuid = '0a3407de-014b-458b-b5c1-848e92a327a3';
      const fstab = `UUID=${uuid} / ext4 defaults 0 1\nUUID=ABCD-12EF /boot/efi vfat umask=0077 0 1
LABEL=my\\040data /srv/my\\040data ext4 nofail 0 2\nLABEL=my\\040data /again ext4 nofail 0 2\n/dev/sdc1 /mnt auto\n`;
      await mkdir(join(tree, 'etc'), { recursive: true });
      await writeFile(join(tree, 'etc', 'fstab'), fstab);
      await makeDisk(system, { sizeMiB: 60, table: 'label: gpt\nstart=2048, size=20480\nstart=22528\n' });
      await makeDisk(data, { sizeMiB: 60, table: 'label: gpt\nstart=2048, size=40960\nstart=43008\n' });
      await makeFileSystem(image, 10, 'mkfs.vfat', '-i', 'abcd12ef');
      await putIn(system, { image, atMiB: 1 });
      await makeFileSystem(image, 40, 'mkfs.ext4', '-q', '-F', '-U', uuid, '-d', tree);
      await putIn(system, { image, atMiB: 11 });
      await makeFileSystem(image, 20, 'mkfs.ext4', '-q', '-F', '-L', 'my data');
      await putIn(data, { image, atMiB: 1 });
      await makeFileSystem(image, 20, 'mkfs.ext4', '-q', '-F', '-d', tree);
      await putIn(data, { image, atMiB: 21 });
      expect(await placesOf([system, data])).toEqual({
        'disk0-part1': ['/boot/efi'],
        'disk0-part2': ['/'],
        'disk1-part1': ['/srv/my data', '/again'],
      });
    });
  });
});
