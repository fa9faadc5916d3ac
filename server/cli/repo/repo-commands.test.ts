import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../../../core/contract/index.ts';
import { splitContainerUrl } from './repo-address.ts';
import { runRepo } from './testing/run-repo.ts';
import { vhdFooter } from './vhd-footer.ts';

const mebibyte = 1024 * 1024;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-repo-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(args: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  return runRepo(args, { environment });
}

async function image(name: string, change: (bytes: Buffer) => void): Promise<string> {
  const bytes = Buffer.alloc(6 * mebibyte);
  change(bytes);
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

test('an image goes in and comes back, raw and as a fixed VHD, and changed ranges make a second point', {
  timeout: 180_000,
}, async () => {
  const repo = ['--repo', join(folder, 'open')];
  await run(['init', '--no-encryption', ...repo]);
  const noise = randomBytes(mebibyte);
  const first = await image('one.raw', (bytes) => noise.copy(bytes, 2 * mebibyte));
  await run(['put', first, '--resource', 'disk', ...repo]);
  const second = await image('two.raw', (bytes) => {
    noise.copy(bytes, 2 * mebibyte);
    bytes.write('changed', 5 * mebibyte);
  });
  const ranges = join(folder, 'ranges.json');
  await writeFile(ranges, JSON.stringify([{ offset: 5 * mebibyte, length: 4096 }]));
  const put = JSON.parse(
    await run(['--json', 'put', second, '--resource', 'disk', '--ranges', ranges, ...repo]),
  );
  expect(put.statistics.readBytes).toBe(mebibyte);
  const out = join(folder, 'out.raw');
  await run(['get', 'latest', out, ...repo]);
  expect((await readFile(out)).equals(await readFile(second))).toBe(true);
  await expect(run(['get', 'latest', out, ...repo])).rejects.toMatchObject({ code: 'invalid-input' });
  const { points } = JSON.parse(await run(['--json', 'points', ...repo]));
  const vhd = join(folder, 'out.vhd');
  await run(['get', points[0].id.slice(0, 8), vhd, '--format', 'vhd', ...repo]);
  expect((await stat(vhd)).size).toBe(6 * mebibyte + 512);
  expect((await readFile(vhd)).subarray(0, 6 * mebibyte).equals(await readFile(first))).toBe(true);
  await run(['forget', points[0].id, ...repo]);
  expect(await run(['collect', '--dry-run', ...repo])).toContain('Would free');
  await run(['collect', ...repo]);
  expect(await run(['check', '--deep', ...repo])).toContain('Nothing is wrong.');
  expect(JSON.parse(await run(['--json', 'stats', ...repo])).points).toBe(1);
});

test('a password is read from a file or a variable, and one can be added', { timeout: 180_000 }, async () => {
  const repo = ['--repo', join(folder, 'locked')];
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, 'first\n');
  await run(['init', ...repo, '--password-file', passwordFile]);
  const environment = { CAIRN_REPO: join(folder, 'locked'), CAIRN_REPO_PASSWORD: 'first', NEXT: 'second' };
  await run(['keys', 'add', '--new-password-env', 'NEXT', '--label', 'spare'], environment);
  const slots = JSON.parse(
    await run(['--json', 'keys', 'list', ...repo, '--password-env', 'NEXT'], environment),
  );
  expect(slots.map((slot: { label: string }) => slot.label).sort()).toEqual(['', 'spare']);
  await expect(run(['points'], { ...environment, CAIRN_REPO_PASSWORD: 'wrong' })).rejects.toMatchObject({
    code: 'wrong-password',
  });
  await expect(run(['points', ...repo])).rejects.toMatchObject({ code: 'invalid-input' });
});

test('a check needs no password when told so, and says what it cannot know', {
  timeout: 60_000,
}, async () => {
  const place = join(folder, 'sealed');
  const environment = { CAIRN_REPO: place, SECRET: 'only I know' };
  await run(['init', '--password-env', 'SECRET'], environment);
  const disk = await image('sealed.raw', (bytes) => randomBytes(mebibyte).copy(bytes, 0));
  await run(['put', disk, '--password-env', 'SECRET'], environment);
  const text = await run(['check', '--without-key', '--deep'], { CAIRN_REPO: place });
  expect(text).toContain('Nothing is wrong that can be seen from outside.');
  expect(text).toContain('Which restore points suffer');
  const [index = ''] = await readdir(join(place, 'index'));
  await truncate(join(place, 'index', index), 100);
  await expect(run(['check', '--without-key'], { CAIRN_REPO: place })).rejects.toMatchObject({
    code: 'damaged',
    details: { objects: `index/${index}` },
  });
});

test('container addresses are split into container and folder', () => {
  expect(splitContainerUrl('https://a.blob.core.windows.net/backups/x/y?sig=z')).toEqual({
    container: 'https://a.blob.core.windows.net/backups?sig=z',
    folder: 'x/y',
    hasSas: true,
  });
  expect(splitContainerUrl('https://localhost:1/account/backups')).toEqual({
    container: 'https://localhost:1/account/backups',
    folder: '',
    hasSas: false,
  });
  expect(() => splitContainerUrl('https://a.blob.core.windows.net/?sig=z')).toThrow(AppError);
});

test('a VHD footer has the sizes and a checksum that adds up', () => {
  const footer = vhdFooter(30 * 2 ** 30, new Uint8Array(16).fill(7));
  expect(footer.toString('latin1', 0, 8)).toBe('conectix');
  expect(footer.readBigUInt64BE(48)).toBe(BigInt(30 * 2 ** 30));
  const checksum = footer.readUInt32BE(64);
  footer.writeUInt32BE(0, 64);
  const sum = footer.reduce((total, byte) => total + byte, 0);
  expect((sum + checksum) >>> 0).toBe(0xffff_ffff);
});
