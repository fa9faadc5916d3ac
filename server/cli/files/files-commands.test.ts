import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../core/contract/index.ts';
import { backupDisks, createRepository, folderStore } from '../../../core/engine/index.ts';
import { readSample } from '../../../core/volumes/conformance/samples.ts';
import type { CliIo } from '../cli-io.ts';
import { engineDeps } from '../repo/repo-context.ts';
import { registerFilesCommands } from './register-files-commands.ts';

let folder: string;
const at = (...parts: string[]) => path.join(folder, ...parts);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cairn-files-cli-'));
  for (const name of ['ext4', 'ntfs', 'xfs']) await writeFile(at(`${name}.img`), await readSample(name));
  await writeFile(at('password'), 'not so secret\n');
  const repository = await createRepository(folderStore(at('repo')), {
    unlock: { kind: 'password', password: 'not so secret' },
    deps: engineDeps,
    passwordCost: 14,
  });
  for (const name of ['ext4', 'xfs']) {
    const image = await readSample(name);
    await backupDisks(repository, {
      resource: { workload: 'azure-vm', id: '/vm', name: 'vm' },
      disks: [
        {
          id: 'os',
          name: 'os',
          size: image.length,
          source: { read: async (from, length) => Uint8Array.from(image.subarray(from, from + length)) },
        },
      ],
    });
  }
  await repository.close();
});
afterAll(() => rm(folder, { recursive: true }));

interface Ran {
  readonly out: string;
  readonly bytes: Buffer;
  readonly err: string;
}

async function run(...args: readonly string[]): Promise<Ran> {
  let [out, err] = ['', ''];
  const bytes: Uint8Array[] = [];
  const io: CliIo = {
    stdin: Readable.from([]),
    stdout: (text) => {
      out += text;
    },
    stdoutBytes: async (piece) => {
      bytes.push(piece);
    },
    stderr: (text) => {
      err += text;
    },
    interactive: false,
    columns: 80,
    environment: {},
    signal: new AbortController().signal,
    askSecret: () => Promise.reject(new Error('Nobody is there to ask.')),
  };
  const refuse = () => Promise.reject(new AppError('unreachable', { message: 'No network here.' }));
  const program = new Command('cairn').option('--json').exitOverride();
  registerFilesCommands(program, {
    ...{ io, openContainer: refuse, logIn: refuse, filesThreadUrl: undefined },
    context: { io, openCore: refuse },
  });
  await program.parseAsync(['files', ...args], { from: 'user' });
  return { out, err, bytes: Buffer.concat(bytes) };
}

const onExt4 = () => ['--image', at('ext4.img')];
const both = () => ['--image', `${at('ext4.img')},${at('ntfs.img')}`];
const point = () => ['--repo', at('repo'), '--password-file', at('password'), '--point', 'latest'];
const lines = (text: string) => text.trimEnd().split('\n');

describe('cairn files', { timeout: 90_000 }, () => {
  it('lists volumes, folders and files', async () => {
    const volumes = await run('ls', ...both());
    expect(lines(volumes.out)[1]).toContain('/disk0');
    expect(lines(volumes.out)[2]).toContain('NTFS');
    const root = await run('ls', ...onExt4());
    expect(lines(root.out).map((line) => line.split(/ {2}/).at(-1))).toEqual([
      'folder',
      'lost+found',
      'many',
      'pieces',
    ]);
    const entries = JSON.parse((await run('ls', '/disk1/folder', '--json', ...both())).out);
    expect(entries.map(({ name }: { name: string }) => name)).toContain('size 5000');
    expect(lines((await run('ls', '/folder/short link', ...onExt4())).out)).toEqual([
      expect.stringMatching(/^lrwxrwxrwx .* short link -> /),
    ]);
  });

  it('finds by pattern, size, kind and folder', async () => {
    const found = await run('find', 'size *', '--min-size', '1k', '--max-size', '5000', ...onExt4());
    expect(lines(found.out)).toEqual(['/folder/size 1024', '/folder/size 5000']);
    const inside = await run('find', '--in', '/disk0/folder/deeper', '--type', 'directory', ...both());
    expect(lines(inside.out)).toEqual(['/disk0/folder/deeper', '/disk0/folder/deeper/still deeper']);
    expect((await run('find', '--older', '1990-01-01', ...onExt4())).out).toBe('');
    const few = await run('find', '--limit', '3', '--json', ...onExt4());
    expect(JSON.parse(few.out)).toMatchObject({ more: true, hits: [{}, {}, {}] });
    expect(few.err).toContain('more than the limit');
  });

  it('shows all that is known of a file', async () => {
    const { out } = await run('stat', '/disk1/streams', ...both());
    expect(out).toContain('S-1-5-32-544');
    expect(out).toContain('second (23 bytes)');
  });

  it('writes content, ranges and streams to standard output', async () => {
    const whole = await run('cat', '/pieces', ...onExt4());
    expect(whole.bytes.length).toBe(966_720);
    const part = await run('cat', '/pieces', '--range', '100-199', ...onExt4());
    expect(part.bytes.equals(whole.bytes.subarray(100, 200))).toBe(true);
    const last = await run('cat', '/pieces', '--range', '-5', ...onExt4());
    expect(last.bytes.equals(whole.bytes.subarray(-5))).toBe(true);
    expect((await run('cat', '/disk1/streams', '--stream', 'second', ...both())).bytes).toHaveLength(23);
  });

  it('brings out everything, one file, and archives', async () => {
    const all = await run('get', '/', at('all'), ...onExt4());
    expect(lines(all.out)[0]).toMatch(/^Saved \d+ files, /);
    expect((await readdir(at('all'))).sort()).toEqual(['folder', 'lost+found', 'many', 'pieces']);
    const whole = await run('cat', '/pieces', ...onExt4());
    expect((await readFile(at('all', 'pieces'))).equals(whole.bytes)).toBe(true);
    const one = await run('get', '/pieces', at('one'), '--json', ...onExt4());
    const sha256 = createHash('sha256').update(whole.bytes).digest('hex');
    expect(JSON.parse(one.out)).toMatchObject({ sha256, files: 1, bytes: 966_720 });
    await expect(run('get', '/pieces', at('one'), ...onExt4())).rejects.toMatchObject({
      code: 'already-exists',
    });
    await run('get', '/pieces', at('one'), '--force', ...onExt4());
    const several = await run('get', '/disk0/pieces', '/disk1/streams', at('several'), ...both());
    expect(several.out).toContain('2 files');
    await run('get', '/', at('all.zip'), '--format', 'zip', ...both());
    const streamed = await run('get', '/', '-', '--format', 'zip', ...both());
    expect(streamed.bytes.equals(await readFile(at('all.zip')))).toBe(true);
  });

  it('says what differs between two machines, and between two points', async () => {
    const images = await run('diff', '/folder', '--image2', at('xfs.img'), ...onExt4());
    expect(lines(images.out).every((line) => line.startsWith('. '))).toBe(true);
    const same = await run('diff', '/', '--content', '--image2', at('ext4.img'), ...onExt4());
    expect(same.out).toBe('No difference.\n');
    const { out } = await run('diff', '/', '/folder', '--json', ...onExt4());
    const { differences } = JSON.parse(out) as { differences: { path: string; change: string }[] };
    expect(differences).toContainEqual(expect.objectContaining({ path: 'folder', change: 'removed' }));
    expect(differences).toContainEqual(expect.objectContaining({ path: 'size 70', change: 'added' }));
  });

  it('reads a restore point by the repository and its password alone', async () => {
    const newest = await run('ls', '/folder', ...point());
    expect(lines(newest.out)).toHaveLength(8);
    const listed = await run('find', 'größe', '--json', ...point());
    expect(JSON.parse(listed.out).hits).toHaveLength(1);
    const saved = await run('get', '/', at('from point'), ...point());
    expect(saved.err).toBe('');
    expect(await readdir(at('from point'))).toContain('pieces');
  });

  it('refuses what cannot be, naming the field', async () => {
    await expect(run('ls')).rejects.toMatchObject({ code: 'invalid-input', details: { field: 'source' } });
    await expect(run('ls', '/none', ...both())).rejects.toMatchObject({ code: 'not-found' });
    await expect(run('cat', '/', ...both())).rejects.toMatchObject({ details: { field: 'path' } });
    await expect(run('cat', '/pieces', '--range', '9-3', ...onExt4())).rejects.toMatchObject({
      details: { field: 'range' },
    });
    await expect(run('find', '--min-size', 'big', ...onExt4())).rejects.toMatchObject({
      details: { field: 'min-size' },
    });
    await expect(run('get', '/', ...onExt4())).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(run('ls', '--image', at('no such.img'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(run('get', '/', at('x'), '--format', 'rar', ...onExt4())).rejects.toMatchObject({
      details: { field: 'format' },
    });
  });
});
