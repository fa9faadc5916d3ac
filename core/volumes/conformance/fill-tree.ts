import { createHash } from 'node:crypto';
import { chmod, chown, link, lutimes, mkdir, open, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';

export interface TreeOptions {
  /** Ordinary files, in directories of about 100, and as many again in one large directory. */
  readonly files: number;
  /** Unix metadata: modes, owners, devices, links, names of any bytes. False for FAT and exFAT. */
  readonly unix: boolean;
  /** Devices, FIFOs, names and link targets that are no valid text, times off the scale. */
  readonly exotic: boolean;
  /** Sparse files and holes. */
  readonly holes: boolean;
}

/** Fills a mounted file system with ordinary and nasty things, the same ones every time. */
export async function fillTree(root: string, options: TreeOptions): Promise<void> {
  await fillOrdinary(root, options.files);
  await fillNames(join(root, 'names'), options);
  await fillDeep(join(root, 'deep'), options.unix ? 60 : 12);
  await fillSizes(join(root, 'sizes'));
  await fillTimes(join(root, 'times'));
  if (options.holes) await fillHoles(join(root, 'holes'));
  if (options.unix) await fillUnix(join(root, 'unix'), options.exotic);
}

/** Bytes that depend on the seed only and do not compress. */
export function noise(seed: string, length: number): Buffer {
  return createHash('shake256', { outputLength: Math.max(1, length) })
    .update(seed)
    .digest()
    .subarray(0, length);
}

async function fillOrdinary(root: string, files: number): Promise<void> {
  for (let index = 0; index < files; index++) {
    const directory = join(root, `part ${Math.floor(index / 100)}`, `sub${index % 3}`);
    if (index % 100 < 3) await mkdir(directory, { recursive: true });
    await writeFile(join(directory, `file-${index}.dat`), noise(`file${index}`, (index * 37) % 9000));
  }
  await mkdir(join(root, 'many'));
  for (let index = 0; index < files; index++)
    await writeFile(join(root, 'many', `a rather long name, number ${index}.txt`), '');
  for (let index = 0; index < files; index += 3)
    await rm(join(root, 'many', `a rather long name, number ${index}.txt`));
}

async function fillNames(root: string, { unix, exotic }: TreeOptions): Promise<void> {
  await mkdir(root);
  const everywhere = [
    'ümläut',
    '日本語のファイル',
    '-rf',
    '😀 emoji',
    'a%2e%2e',
    ' lead',
    'x'.repeat(200),
    '...x',
  ];
  const unixOnly = [
    'new\nline',
    'quo"te\'s',
    'back\\slash',
    '\\x41',
    'CON',
    'a:b',
    'tab\t',
    '*?',
    'trail. ',
    '\u202ertl',
  ];
  const names = [...everywhere, ...(unix ? unixOnly : [])].map((name) => Buffer.from(name));
  if (unix) names.push(Buffer.from('é'.repeat(127)));
  if (exotic) names.push(Buffer.from([0xff, 0xfe, 0x41]), Buffer.from([0xc3, 0x28]));
  for (const name of names) await writeFile(Buffer.concat([Buffer.from(`${root}/`), name]), name);
}

async function fillDeep(root: string, depth: number): Promise<void> {
  const path = join(root, ...Array.from({ length: depth }, (_, index) => `level-${index}`));
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'bottom'), 'reached');
}

async function fillSizes(root: string): Promise<void> {
  await mkdir(root);
  for (const size of [0, 1, 59, 60, 61, 155, 511, 512, 513, 4095, 4096, 4097, 65536, 1_000_003, 9_000_001])
    await writeFile(join(root, `size-${size}`), noise(`size${size}`, size));
  await writeFile(join(root, 'text'), 'the same line again and again\n'.repeat(20_000));
}

async function fillTimes(root: string): Promise<void> {
  await mkdir(root);
  for (const seconds of [86_400 * 4000, 1_000_000_000, 1_700_000_000]) {
    const path = join(root, `at-${seconds}`);
    await writeFile(path, '');
    await utimes(path, seconds, seconds + 2);
  }
}

/** Data at the start, a hole, data in the middle, a hole at the end; and one very fragmented file. */
async function fillHoles(root: string): Promise<void> {
  await mkdir(root);
  const sparse = await open(join(root, 'sparse'), 'w');
  await sparse.write('start', 0);
  await sparse.write(noise('middle', 10_000), 0, 10_000, 50_000_001);
  await sparse.truncate(3_000_000_000);
  await sparse.close();
  const comb = await open(join(root, 'comb'), 'w');
  for (let tooth = 0; tooth < 700; tooth++)
    await comb.write(noise(`tooth${tooth}`, 4096), 0, 4096, tooth * 20_480);
  await comb.close();
}

async function fillUnix(root: string, exotic: boolean): Promise<void> {
  await mkdir(root);
  for (const mode of [0o0, 0o400, 0o644, 0o4755, 0o2711, 0o1777, 0o7777]) {
    const path = join(root, `mode-${mode.toString(8)}`);
    await writeFile(path, '');
    await chown(path, 70_000 + mode, 1 + mode);
    await chmod(path, mode);
  }
  for (const length of [1, 59, 60, 61, 200, 1000, 1023]) {
    await symlink('t'.repeat(length), join(root, `link-${length}`));
    await lutimes(join(root, `link-${length}`), 1_600_000_000, 1_600_000_001);
  }
  await symlink('../../../../etc/passwd', join(root, 'out'));
  await writeFile(join(root, 'one'), 'linked');
  for (const name of ['two', 'three']) await link(join(root, 'one'), join(root, name));
  if (exotic) await fillExotic(root);
}

async function fillExotic(root: string): Promise<void> {
  await symlink(Buffer.from([0x2f, 0xff, 0x80]), join(root, 'bytes'));
  await runTool('mkfifo', join(root, 'fifo'));
  await runTool('mknod', join(root, 'null'), 'c', '1', '3');
  await runTool('mknod', join(root, 'wide'), 'b', '259', '70000');
  for (const at of ['-1.5', '5000000000.123456789', '1234567890.987654321', '2147483648']) {
    await writeFile(join(root, `at${at}`), '');
    await runTool('touch', '-d', `@${at}`, join(root, `at${at}`));
  }
}
