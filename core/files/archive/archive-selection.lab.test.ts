import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArchiveFormat } from '../../contract/index.ts';
import { type ToldFile, toldFiles } from '../testing/told-files.ts';
import { archiveSelection } from './archive-selection.ts';

/** The judges: Info-ZIP, 7-Zip, GNU tar, and the archive modules of Python. */
const run = promisify(execFile);
const signal = new AbortController().signal;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cairn-archive-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function archived(files: readonly ToldFile[], format: ArchiveFormat): Promise<string> {
  const parts: Uint8Array[] = [];
  const selection = [{ volumeId: 'disk0', path: '/' }];
  const service = toldFiles(files, 300_000);
  for await (const piece of archiveSelection(service, { selection, format }, signal)) parts.push(piece);
  const file = path.join(folder, `made.${format}`);
  await writeFile(file, Buffer.concat(parts));
  return file;
}

const random = Uint8Array.from(
  { length: 3_000_000 },
  (_, index) => (Math.imul(index, 2654435761) >>> 13) & 0xff,
);
const text = new Uint8Array(Buffer.from('the same line again and again\n'.repeat(100_000)));
const long = `${'deep/'.repeat(60)}${'n'.repeat(200)}`;
const tree: readonly ToldFile[] = [
  { path: 'top', kind: 'directory', mode: 0o750 },
  { path: 'top/empty', bytes: new Uint8Array(0) },
  { path: 'top/small', bytes: text.subarray(0, 1000), mode: 0o600 },
  { path: 'top/größe 日本 😀', bytes: text.subarray(0, 10) },
  { path: 'top/caf\\xe9', bytes: text.subarray(0, 11) },
  { path: 'top/new\\x0aline', bytes: text.subarray(0, 12) },
  { path: 'top/text', bytes: text, mode: 0o4755, node: 7, links: 2 },
  { path: 'top/random', bytes: random, modified: '1999-12-31T23:59:59.5Z' },
  { path: 'top/old', bytes: text.subarray(0, 9), modified: '1969-12-31T23:59:58.5Z' },
  { path: 'top/second name', bytes: text, node: 7, links: 2 },
  { path: 'top/link', kind: 'symlink', linkTarget: '../somewhere/größe' },
  { path: `top/${long}`, bytes: text.subarray(0, 13), modified: '2200-01-01T00:00:00Z' },
];
const readable = tree.filter(({ path: name }) => !name.includes('\\x'));

const python = (script: string, file: string) =>
  run('python3', ['-c', script, file]).then(({ stdout }) => stdout);

describe('a zip archive', () => {
  it('is sound to every judge, with names, sizes, modes, times and links', async () => {
    const file = await archived(tree, 'zip');
    await run('unzip', ['-tqq', file]);
    expect((await run('7z', ['t', file])).stdout).toContain('Everything is Ok');
    const script = `
import sys, zipfile, json
z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
print(json.dumps([[i.filename, i.file_size, i.external_attr >> 16, z.read(i).decode('utf8') if (i.external_attr >> 28) == 0xa else ''] for i in z.infolist()]))`;
    const rows = JSON.parse(await python(script, file)) as [string, number, number, string][];
    const found = new Map(rows.map((row) => [row[0], row]));
    for (const { path: name, kind = 'file', bytes, mode, linkTarget } of readable) {
      const [, size = -1, unix = 0, target = ''] = found.get(kind === 'directory' ? `${name}/` : name) ?? [];
      if (kind === 'file') expect(size).toBe(bytes?.length);
      if (mode !== undefined) expect(unix & 0o7777).toBe(mode);
      expect(unix >> 12).toBe({ file: 8, directory: 4, symlink: 10 }[kind as string]);
      if (linkTarget !== undefined) expect(target).toBe(linkTarget);
    }
    expect(rows).toHaveLength(tree.length);
    expect(found.has('top/caf%E9')).toBe(true);
    expect(found.has('top/new%0Aline')).toBe(true);
  });

  it('comes out of unzip with the bytes and exact times', async () => {
    const file = await archived(readable, 'zip');
    await run('unzip', ['-qq', file, '-d', path.join(folder, 'out')]);
    const stat = await run('stat', [
      '-c',
      '%s %Y %a',
      path.join(folder, 'out/top/random'),
      path.join(folder, 'out/top/small'),
    ]);
    expect(stat.stdout.trim().split('\n')).toEqual(['3000000 946684799 644', '1000 1709210096 600']);
    await writeFile(path.join(folder, 'random'), random);
    await run('cmp', [path.join(folder, 'random'), path.join(folder, 'out/top/random')]);
    expect((await run('readlink', [path.join(folder, 'out/top/link')])).stdout.trim()).toBe(
      '../somewhere/größe',
    );
  });

  it('leaves out a file that breaks off, and stays sound', async () => {
    const files: readonly ToldFile[] = [
      { path: 'good', bytes: random },
      { path: 'broken', bytes: random, damagedAt: 1_500_000 },
      { path: 'unread', bytes: text.subarray(0, 1000), damagedAt: 0 },
      { path: 'pipe', kind: 'fifo' },
      { path: 'after', bytes: text },
    ];
    const file = await archived(files, 'zip');
    await run('unzip', ['-tqq', file]);
    const names = await python('import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).namelist())', file);
    expect(names.trim()).toBe("['good', 'after', 'CAIRN-NOT-INCLUDED.txt']");
    const { stdout } = await run('unzip', ['-p', file, 'CAIRN-NOT-INCLUDED.txt']);
    for (const name of ['broken', 'unread', 'pipe']) expect(stdout).toContain(`${name}: `);
  });
});

describe('a tar archive', () => {
  it('is sound to every judge, with names, sizes, modes, times and links', async () => {
    const file = await archived(
      [...tree, { path: 'top/pipe', kind: 'fifo' }, { path: 'top/null', kind: 'character-device' }],
      'tar',
    );
    expect((await run('7z', ['t', file])).stdout).toContain('Everything is Ok');
    await run('tar', ['-tf', file]);
    const script = `
import sys, tarfile, json
t = tarfile.open(sys.argv[1])
print(json.dumps([[m.name.encode('utf8', 'surrogateescape').hex(), m.size, m.mode, m.mtime, m.type.decode(), m.linkname, m.devmajor, m.devminor] for m in t.getmembers()]))`;
    const rows = JSON.parse(await python(script, file)) as [
      string,
      number,
      number,
      number,
      string,
      string,
      number,
      number,
    ][];
    const found = new Map(rows.map((row) => [Buffer.from(row[0], 'hex').toString('latin1'), row]));
    const bytesName = (name: string) => Buffer.from(name).toString('latin1');
    const raw = { 'top/caf\\xe9': 'top/caf\xe9', 'top/new\\x0aline': 'top/new\nline' };
    for (const { path: name, bytes, mode } of tree) {
      const row = found.get(raw[name as keyof typeof raw] ?? bytesName(name));
      expect(row, name).toBeDefined();
      if (mode !== undefined) expect(row?.[2]).toBe(mode);
      if (bytes !== undefined && name !== 'top/second name') expect(row?.[1]).toBe(bytes.length);
    }
    expect(found.get('top/second name')?.slice(4, 6)).toEqual(['1', 'top/text']);
    expect(found.get('top/link')?.slice(4, 6)).toEqual(['2', '../somewhere/größe']);
    expect(found.get('top/random')?.[3]).toBe(946684799.5);
    expect(found.get('top/old')?.[3]).toBe(-1.5);
    expect(found.get('top/small')?.[3]).toBeCloseTo(1709210096.123456, 5);
    expect(found.get('top/null')?.slice(6)).toEqual([1, 3]);
    expect(found.get('top/pipe')?.[4]).toBe('6');
  });

  it('comes out of GNU tar with the bytes and exact times', async () => {
    const file = await archived(tree, 'tar');
    await run('tar', ['-xf', file, '-C', folder]);
    const stat = await run('stat', ['-c', '%s %.9Y %a', path.join(folder, 'top/small')]);
    expect(stat.stdout.trim()).toBe('1000 1709210096.123456789 600');
    const inodes = await run('stat', [
      '-c',
      '%i',
      path.join(folder, 'top/text'),
      path.join(folder, 'top/second name'),
    ]);
    expect(new Set(inodes.stdout.trim().split('\n')).size).toBe(1);
    const names = await run('find', [path.join(folder, 'top'), '-name', '*caf*', '-printf', '%f'], {
      encoding: 'latin1',
    });
    expect(names.stdout).toBe('caf\xe9');
  });

  it('fills up a file that breaks off, and says so', async () => {
    const files: readonly ToldFile[] = [
      { path: 'broken', bytes: random, damagedAt: 1_500_000 },
      { path: 'unread', bytes: text.subarray(0, 1000), damagedAt: 0, node: 9, links: 2 },
      { path: 'also unread', bytes: text.subarray(0, 1000), node: 9, links: 2 },
      { path: 'after', bytes: text },
    ];
    const file = await archived(files, 'tar');
    expect((await run('tar', ['-tf', file])).stdout.trim().split('\n')).toEqual([
      'broken',
      'after',
      'CAIRN-NOT-INCLUDED.txt',
    ]);
    const { stdout } = await run('tar', ['-xOf', file, 'CAIRN-NOT-INCLUDED.txt']);
    expect(stdout).toContain('broken: The disk says nothing of it. From byte 1500000 on it is zeros here.');
    expect(stdout).toContain('also unread: ');
  });
});
