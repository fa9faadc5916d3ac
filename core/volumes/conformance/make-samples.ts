import { cp, mkdir, open, readFile, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { noise } from './fill-tree.ts';
import { type Judged, type JudgedTree, judgedTree } from './judged-tree.ts';
import { runTool, withDirectory, withLoop, withMount } from './run-tool.ts';
import { sampleDevices, writeSystemHive } from './system-hive.ts';

/**
 * Makes the small images in `testdata/` and what their judges see in them. Needs root, loop devices and the
 * file systems' tools; run it with the folder to write to and, if not all are to be made,
 * the names of the samples wanted. The tests need only its results.
 */
interface Recipe {
  readonly name: string;
  readonly sizeMiB: number;
  readonly format: readonly [command: string, ...args: string[]];
  readonly mount: readonly [command: string, ...args: string[]];
  readonly judged: Judged;
  readonly links: boolean;
  /** Copies the image while it is mounted. */
  readonly dirty: boolean;
}

const onlyContent: Judged = {
  modified: false,
  accessed: false,
  changed: false,
  mode: false,
  owner: false,
  links: false,
  allocated: false,
  id: false,
  device: false,
};
const loop = ['mount', '-o', 'loop,noatime', 'IMAGE'] as const;
const smallXfs = ['env', 'TEST_DIR=x', 'TEST_DEV=x', 'QA_CHECK_FS=x', 'mkfs.xfs', '-q', '-f'] as const;
const kernel = { mount: loop, judged: { accessed: false }, links: true, dirty: false } as const;

const recipes: readonly Recipe[] = [
  { ...kernel, name: 'ext4', sizeMiB: 8, format: ['mkfs.ext4', '-q', '-F', '-J', 'size=1', '-b', '1024'] },
  {
    ...kernel,
    name: 'ext4-inline',
    sizeMiB: 4,
    format: ['mkfs.ext4', '-q', '-F', '-O', '^metadata_csum,inline_data,^has_journal', '-b', '1024'],
  },
  { ...kernel, name: 'ext2', sizeMiB: 4, format: ['mkfs.ext2', '-q', '-F', '-b', '1024'] },
  {
    ...kernel,
    name: 'ext4-dirty',
    sizeMiB: 8,
    format: ['mkfs.ext4', '-q', '-F', '-b', '1024', '-J', 'size=1'],
    dirty: true,
  },
  {
    ...kernel,
    name: 'ext4-fast-dirty',
    sizeMiB: 24,
    format: ['mkfs.ext4', '-q', '-F', '-b', '4096', '-O', 'fast_commit', '-J', 'size=8'],
    judged: { accessed: false, modified: false, changed: false, links: false, allocated: false },
    dirty: true,
  },
  {
    ...kernel,
    name: 'ext3-dirty',
    sizeMiB: 8,
    format: ['mkfs.ext3', '-q', '-F', '-b', '1024', '-J', 'size=1'],
    dirty: true,
  },
  { ...kernel, name: 'xfs', sizeMiB: 24, format: [...smallXfs, '-b', 'size=1024', '-n', 'size=4096'] },
  {
    ...kernel,
    name: 'xfs-dirty',
    sizeMiB: 24,
    format: [...smallXfs, '-b', 'size=1024', '-n', 'size=4096'],
    dirty: true,
  },
  {
    name: 'ntfs',
    sizeMiB: 8,
    format: ['mkntfs', '-q', '-F', '-Q', '-c', '512', '-L', 'Sämple'],
    mount: ['ntfs-3g', '-o', 'streams_interface=xattr,compression', 'IMAGE'],
    judged: { mode: false, owner: false, allocated: false, device: false, links: false, accessed: false },
    links: true,
    dirty: false,
  },
  {
    name: 'exfat',
    sizeMiB: 4,
    format: ['mkfs.exfat', '-c', '1K', '-L', 'SAMPLE'],
    mount: ['mount.exfat-fuse', 'LOOP'],
    judged: { ...onlyContent, modified: true },
    links: false,
    dirty: false,
  },
];

const SET_ATTRIBUTES = `import os, sys
os.mkdir(sys.argv[1] + '/packed')
os.setxattr(sys.argv[1] + '/packed', 'system.ntfs_attrib', (0x800).to_bytes(4, 'little'))
open(sys.argv[1] + '/packed/text', 'w').write('again and again, ' * 9000)
open(sys.argv[1] + '/streams', 'w').write('main')
os.setxattr(sys.argv[1] + '/streams', 'user.second', b'beside the main content')`;

async function makeSample(recipe: Recipe, places: { directory: string; target: string }): Promise<void> {
  const image = join(places.directory, 'image');
  await emptyFile(image, recipe.sizeMiB);
  const [command, ...args] = recipe.format;
  await runTool(command, ...args, image);
  const point = join(places.directory, 'mount');
  const copy = join(places.directory, 'copy');
  const use = async <Result>(work: () => Promise<Result>, path: string): Promise<Result> => {
    const [tool, ...options] = recipe.mount;
    const mounted = (device: string): Promise<Result> =>
      withMount([tool, ...options.map((option) => option.replace(/IMAGE|LOOP/, device))], point, work);
    return recipe.mount.includes('LOOP') ? withLoop(path, mounted) : mounted(path);
  };
  await use(async () => {
    await fillSample(point, recipe);
    if (recipe.dirty) await runTool('sync', '-f', point);
    if (recipe.dirty) await changeAfterSync(point);
    await cp(image, copy);
  }, image);
  if (!recipe.dirty) await cp(image, copy);
  await keep(recipe.name, { image: copy, target: places.target });
  await keepTree(recipe.name, places.target, await use(() => judgedTree(point, recipe.judged), copy));
}

async function fillSample(root: string, recipe: { name: string; links: boolean }): Promise<void> {
  await mkdir(join(root, 'folder', 'deeper', 'still deeper'), { recursive: true });
  await mkdir(join(root, 'many'));
  for (let index = 0; index < 150; index++)
    await writeFile(join(root, 'many', `an entry of some length, number ${index}`), '');
  for (const size of [1, 70, 1024, 5000, 12_000])
    await writeFile(join(root, 'folder', `size ${size}`), noise(`sample${size}`, size));
  await writeFile(join(root, 'folder', 'deeper', 'still deeper', 'größe'), 'deep');
  if (recipe.name !== 'exfat') await fillPieces(join(root, 'pieces'));
  if (recipe.name === 'ntfs') await runTool('python3', '-c', SET_ATTRIBUTES, root);
  if (!recipe.links) return;
  await symlink('../folder', join(root, 'folder', 'short link'));
  await symlink('l'.repeat(120), join(root, 'folder', 'long link'));
}

/** Data and holes in turn, enough of them for a layout that needs a tree. */
async function fillPieces(path: string): Promise<void> {
  const file = await open(path, 'w');
  for (let piece = 0; piece < 60; piece++) await file.write(noise(`p${piece}`, 64), 0, 64, piece * 16_384);
  await file.close();
}

async function changeAfterSync(root: string): Promise<void> {
  for (let index = 0; index < 40; index++)
    await writeFile(join(root, 'folder', `after the sync ${index}`), noise(`after${index}`, index * 50));
  await runTool('mv', join(root, 'folder', 'size 70'), join(root, 'renamed'));
  await runTool('rm', join(root, 'many', 'an entry of some length, number 3'));
  const file = await open(join(root, 'renamed'));
  await file.sync();
  await file.close();
}

async function makeFat(places: { directory: string; target: string }): Promise<void> {
  const source = join(places.directory, 'source');
  await mkdir(source);
  await fillSample(source, { name: 'exfat', links: false });
  for (const path of ['folder/size 1', 'folder/size 5000'])
    await utimes(join(source, path), 1_700_000_000, 1_700_000_000);
  for (const [bits, sizeMiB] of [
    ['12', 2],
    ['16', 6],
    ['32', 34],
  ] as const) {
    const image = join(places.directory, `fat${bits}`);
    await emptyFile(image, sizeMiB);
    await runTool('mkfs.vfat', '-F', bits, '-s', '1', '-n', 'SAMPLE', image);
    await runTool('sh', '-c', 'TZ=UTC LC_ALL=C.UTF-8 mcopy -s -m -Q -i "$0" "$1"/* ::', image, source);
    await keep(`fat${bits}`, { image, target: places.target });
    await keepTree(`fat${bits}`, places.target, await judgedTree(source, onlyContent));
  }
}

/** No kernel of today mounts version 4; the tool that formats it can fill it from a list. */
async function makeXfs4(places: { directory: string; target: string }): Promise<void> {
  const source = join(places.directory, 'source');
  await mkdir(source);
  await fillSample(source, { name: 'exfat', links: false });
  await runTool(
    'sh',
    '-c',
    'cd "$0" && find . -depth -name "* *" -execdir sh -c \'mv "$0" "$(echo "$0" | tr " " _)"\' {} \\;',
    source,
  );
  const list = await runTool('sh', '-c', PROTO_OF_TREE, source);
  const proto = join(places.directory, 'proto');
  await writeFile(proto, `/none\n0 0\nd--755 0 0\n${list}$\n`);
  const image = join(places.directory, 'image');
  await emptyFile(image, 24);
  const [command, ...args] = smallXfs;
  await runTool(
    command,
    ...args,
    '-m',
    'crc=0',
    '-b',
    'size=1024',
    '-n',
    'size=4096,ftype=0',
    '-p',
    proto,
    image,
  );
  await keep('xfs-v4', { image, target: places.target });
  await keepTree('xfs-v4', places.target, await judgedTree(source, onlyContent));
}

const PROTO_OF_TREE = `cd "$0"
walk() {
  for path in "$1"/*; do
    [ -e "$path" ] || continue
    name="\${path##*/}"
    if [ -d "$path" ]; then echo "$name d--755 0 0"; walk "$path"; echo '$'
    else echo "$name ---644 0 0 $(pwd)/$path"; fi
  done
}
walk .`;

async function emptyFile(path: string, sizeMiB: number): Promise<void> {
  await writeFile(path, '');
  await truncate(path, sizeMiB * 1024 * 1024);
}

async function keep(name: string, places: { image: string; target: string }): Promise<void> {
  await writeFile(
    join(places.target, `${name}.img.gz`),
    gzipSync(await readFile(places.image), { level: 9 }),
  );
}

async function keepTree(name: string, target: string, tree: JudgedTree): Promise<void> {
  const rows = Array.from(tree).sort(([a], [b]) => (a < b ? -1 : 1));
  const plain = rows.map(([path, node]) => [path, node]);
  const text = JSON.stringify(plain, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
  await writeFile(join(target, `${name}.tree.json`), `${text.replaceAll('],[', '],\n[')}\n`);
}

const [target, ...wanted] = process.argv.slice(2);
if (target === undefined) throw new Error('name the folder to write to');
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
for (const recipe of recipes.filter(({ name }) => isWanted(name)))
  await withDirectory((directory) => makeSample(recipe, { directory, target }));
if (isWanted('fat')) await withDirectory((directory) => makeFat({ directory, target }));
if (isWanted('xfs-v4')) await withDirectory((directory) => makeXfs4({ directory, target }));
if (isWanted('system-hive'))
  await withDirectory(async (directory) => {
    const image = join(directory, 'hive');
    await writeSystemHive(image, sampleDevices);
    await writeFile(join(target, 'system-hive.gz'), gzipSync(await readFile(image), { level: 9 }));
  });
