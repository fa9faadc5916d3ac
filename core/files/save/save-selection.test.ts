import { createHash } from 'node:crypto';
import {
  appendFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../contract/index.ts';
import { readSample, readSampleTree } from '../../volumes/conformance/samples.ts';
import { MemoryDisk } from '../../volumes/index.ts';
import { createFileService } from '../service/create-file-service.ts';
import { fileTimeNanoseconds } from '../service/file-time.ts';
import { type ToldFile, toldFiles } from '../testing/told-files.ts';
import { discardSave } from './discard-save.ts';
import type { SavedFile, SaveOptions } from './save-options.ts';
import { saveSelection } from './save-selection.ts';

const signal = new AbortController().signal;
const base: SaveOptions = { signal, id: 'download 1', existing: 'keep', platform: 'posix' };
const everything = [{ volumeId: 'disk0', path: '/' }];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cairn-save-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...parts: string[]) => path.join(folder, ...parts);
const told = (files: readonly ToldFile[], options: Partial<SaveOptions> = {}) =>
  saveSelection(toldFiles(files), { selection: everything, folder }, { ...base, ...options });
const names = async () => (await namesBelow('')).sort();
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Everything in the folder, links not followed. */
async function namesBelow(below: string): Promise<string[]> {
  const entries = await readdir(at(below), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const name = path.posix.join(below, entry.name);
      return entry.isDirectory() ? [name, ...(await namesBelow(name))] : [name];
    }),
  );
  return found.flat();
}

/** Bytes without long zeros. */
function bytesOf(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => ((index * 31 + seed + (index >> 8)) % 251) | 1);
}

describe('saving a selection', () => {
  it('brings out a file system as its judge saw it', async () => {
    const service = createFileService({ disks: [new MemoryDisk(await readSample('ext4'))] });
    const files: SavedFile[] = [];
    const report = await saveSelection(
      service,
      { selection: everything, folder: at('out') },
      { ...base, onFile: (file) => files.push(file) },
    );
    const tree = await readSampleTree('ext4');
    for (const [guestPath, node] of tree) {
      const saved = at('out', 'disk0', guestPath);
      const found = await lstat(saved).catch(() => undefined);
      if (node.kind === 'file') {
        const bytes = await readFile(saved);
        expect(sha256(bytes)).toBe(node.sha256);
        expect(files.find(({ savedAs }) => savedAs === `disk0${guestPath}`)?.sha256).toBe(node.sha256);
      }
      if (node.kind === 'directory') expect(found?.isDirectory()).toBe(true);
      if (node.modified !== undefined && found !== undefined && node.kind !== 'symlink')
        expect(Math.abs(found.mtimeMs - Number(node.modified / 1000n) / 1000)).toBeLessThan(0.01);
    }
    expect(report.files).toBe(files.length);
    expect(report.bytes).toBe(files.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(await readlink(at('out', 'disk0/folder/short link'))).toBeTruthy();
    expect(await readdir(at('out'))).toEqual(['disk0']);
    await service.close();
  });

  it('keeps long zeros as holes, and the bits that change a user out', async () => {
    const bytes = new Uint8Array(3 * 1024 * 1024 + 17);
    bytes.set(bytesOf(5000), 1_000_000);
    bytes[bytes.length - 1] = 7;
    const service = toldFiles([{ path: 'sparse', bytes, mode: 0o4755 }], 256 * 1024);
    await saveSelection(service, { selection: everything, folder }, base);
    const found = await stat(at('sparse'));
    expect(Buffer.from(await readFile(at('sparse'))).equals(bytes)).toBe(true);
    expect(found.mode & 0o7777).toBe(0o755);
    expect(found.blocks * 512).toBeLessThan(1024 * 1024);
    expect(found.mtimeMs).toBeCloseTo(
      Number(fileTimeNanoseconds('2024-02-29T12:34:56.123456789Z') / 1000n) / 1000,
      0,
    );
  });

  it('goes on where it was stopped, with the bytes that were written', async () => {
    const files: ToldFile[] = [
      { path: 'd', kind: 'directory' },
      { path: 'd/one', bytes: bytesOf(3000) },
      { path: 'd/two', bytes: bytesOf(2_500_000, 2) },
      { path: 'd/three', bytes: bytesOf(4000, 3) },
    ];
    const stopping = new AbortController();
    const onProgress = ({ bytes }: { bytes: number }) => bytes > 1_500_000 && stopping.abort();
    const first = told(files, { signal: stopping.signal, onProgress });
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readdir(at('d'))).toEqual(['one']);
    const again = toldFiles(files);
    const done: SavedFile[] = [];
    const report = await saveSelection(
      again,
      { selection: everything, folder },
      { ...base, onFile: (file) => done.push(file) },
    );
    expect(again.handedOut.get('d/one')).toBeUndefined();
    expect(again.handedOut.get('d/two')).toBeLessThan(1_100_000);
    expect(done.map((file) => file.sha256)).toEqual(
      files.slice(1).map(({ bytes = bytesOf(0) }) => sha256(bytes)),
    );
    for (const { path: name, bytes } of files.slice(1))
      expect(Buffer.from(await readFile(at(name))).equals(bytes ?? bytesOf(0))).toBe(true);
    expect([report.files, report.bytes]).toEqual([3, 2_507_000]);
    expect(await names()).toEqual(['d', 'd/one', 'd/three', 'd/two']);
  });

  it('does a small file again that the crash emptied, and forgets half a line of its journal', async () => {
    const files = [1, 2, 3, 4].map((number) => ({ path: `file ${number}`, bytes: bytesOf(5000, number) }));
    const stopping = new AbortController();
    const onProgress = (progress: { files: number }) => progress.files === 3 && stopping.abort();
    await expect(told(files, { signal: stopping.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await writeFile(at('file 2'), '');
    const [own = ''] = (await readdir(folder)).filter((name) => name.startsWith('.cairn-save-'));
    await appendFile(at(own, 'journal'), '{"kind":"file","path":"file 4');
    const report = await told(files);
    for (const { path: name, bytes } of files)
      expect(Buffer.from(await readFile(at(name))).equals(bytes)).toBe(true);
    expect([report.files, report.bytes, report.problemCount]).toEqual([4, 20_000, 0]);
    expect(await names()).toEqual(files.map((file) => file.path));
  });

  it('keeps what is there, or replaces it', async () => {
    await writeFile(at('same'), 'mine');
    await symlink('/etc/passwd', at('link'));
    const files = [
      { path: 'same', bytes: bytesOf(10) },
      { path: 'link', bytes: bytesOf(20) },
    ];
    const kept = await told(files);
    expect(await readFile(at('same'), 'utf8')).toBe('mine');
    expect(kept.problems.map((problem) => problem.path)).toEqual(['same', 'link']);
    await told(files, { existing: 'replace' });
    expect((await readFile(at('same'))).length).toBe(10);
    expect((await lstat(at('link'))).isSymbolicLink()).toBe(false);
    expect((await readFile('/etc/passwd', 'utf8')).startsWith('root')).toBe(true);
  });

  it('writes through no link, neither one that was there nor one that it made', async () => {
    const outside = await mkdtemp(path.join(tmpdir(), 'cairn-outside-'));
    await symlink(outside, at('there'));
    const report = await told(
      [
        { path: 'there', kind: 'directory' },
        { path: 'made', kind: 'symlink', linkTarget: '../..' },
        { path: 'inside', kind: 'symlink', linkTarget: 'deep/x' },
        { path: 'deep', kind: 'directory' },
        { path: 'twice', kind: 'symlink', linkTarget: 'deep' },
        { path: 'twice', kind: 'directory' },
        { path: 'there/stolen', bytes: bytesOf(5) },
        { path: 'there/sub', kind: 'directory' },
        { path: 'deep/up', kind: 'symlink', linkTarget: '..' },
        { path: 'deep/far', kind: 'symlink', linkTarget: 'up/../../etc' },
        { path: 'deep/etc', kind: 'symlink', linkTarget: '/etc' },
        { path: 'there/sub/stolen', bytes: bytesOf(5) },
        { path: 'twice/stolen', bytes: bytesOf(5) },
      ],
      { existing: 'replace' },
    );
    expect(await readdir(outside)).toEqual([]);
    expect(report.problems.map((problem) => problem.path)).toEqual([
      'there',
      'made',
      'twice',
      'there/stolen',
      'there/sub',
      'deep/far',
      'deep/etc',
      'there/sub/stolen',
      'twice/stolen',
    ]);
    expect(await names()).toEqual(['CAIRN-NOT-INCLUDED.txt', 'deep', 'deep/up', 'inside', 'there', 'twice']);
    const list = await readFile(at('CAIRN-NOT-INCLUDED.txt'), 'utf8');
    expect(list).toContain('deep/etc: A symbolic link to "/etc"');
    await rm(outside, { recursive: true });
  });

  it('leaves out what cannot be read, and goes on', async () => {
    const report = await told([
      { path: 'good', bytes: bytesOf(3000) },
      { path: 'bad', bytes: bytesOf(9000), damagedAt: 4000 },
      { path: 'locked', bytes: bytesOf(10), problem: 'Encrypted by the guest.' },
      { path: 'pipe', kind: 'fifo' },
      { path: 'last', bytes: bytesOf(3000) },
    ]);
    expect(await names()).toEqual(['CAIRN-NOT-INCLUDED.txt', 'good', 'last']);
    expect(report.problems).toEqual([
      { path: 'bad', reason: 'The disk says nothing of it.' },
      { path: 'locked', reason: 'Encrypted by the guest.' },
      { path: 'pipe', reason: 'It is a fifo, which cannot be saved to a folder.' },
    ]);
  });

  it('gives names that the computer allows, and says which', async () => {
    const report = await told(
      [
        { path: 'NUL', kind: 'directory' },
        { path: 'readme', bytes: bytesOf(1) },
        { path: 'README', bytes: bytesOf(2) },
        { path: 'CAIRN-NOT-INCLUDED.txt', bytes: bytesOf(3) },
        { path: 'NUL/a:b', bytes: bytesOf(4) },
      ],
      { platform: 'windows' },
    );
    expect(report.renamed).toEqual([
      { from: 'NUL', to: '%4EUL' },
      { from: 'README', to: '%52EADME' },
      { from: 'CAIRN-NOT-INCLUDED.txt', to: '%43AIRN-NOT-INCLUDED.txt' },
      { from: 'NUL/a:b', to: '%4EUL/a%3Ab' },
    ]);
    expect((await readFile(at('%4EUL', 'a%3Ab'))).length).toBe(4);
  });

  it('refuses a journal that does not fit the walk, and a target that is no folder', async () => {
    const stopping = new AbortController();
    const onProgress = () => stopping.abort();
    const files = [
      { path: 'a', bytes: bytesOf(3) },
      { path: 'b', bytes: bytesOf(3000) },
    ];
    await expect(told(files, { signal: stopping.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(told(files.toReversed())).rejects.toMatchObject({ code: 'conflict' });
    await writeFile(at('file'), '');
    const inFile = saveSelection(toldFiles(files), { selection: everything, folder: at('file') }, base);
    await expect(inFile).rejects.toMatchObject({ code: 'conflict' });
    const nowhere = saveSelection(
      toldFiles(files),
      { selection: everything, folder: at('no', 'such') },
      base,
    );
    await expect(nowhere).rejects.toBeInstanceOf(AppError);
  });

  it('takes away what it wrote, and nothing else', async () => {
    await mkdir(at('old'));
    await writeFile(at('old', 'mine'), 'mine');
    const files: ToldFile[] = [
      { path: 'old', kind: 'directory' },
      { path: 'new', kind: 'directory' },
      { path: 'old/a', bytes: bytesOf(3000) },
      { path: 'new/b', bytes: bytesOf(3000) },
      { path: 'new/l', kind: 'symlink', linkTarget: 'b' },
      { path: 'new/c', bytes: bytesOf(900_000) },
    ];
    const stopping = new AbortController();
    const onProgress = ({ bytes }: { bytes: number }) => bytes > 100_000 && stopping.abort();
    await expect(told(files, { signal: stopping.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect((await readdir(at('new'))).sort()).toEqual(['b', 'l']);
    await discardSave(folder, base.id);
    expect(await names()).toEqual(['old', 'old/mine']);
    await discardSave(folder, base.id);
  });
});
