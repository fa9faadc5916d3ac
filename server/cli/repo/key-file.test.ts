import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../../../core/contract/index.ts';
import { type BlobStore, memoryStore } from '../../../core/engine/index.ts';
import { type RepoRun, runRepo } from './testing/run-repo.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const withPassword = { CAIRN_REPO_PASSWORD: 'first' };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-key-file-'));
  await runRepo(['init', '--repo', at('repo')], { environment: withPassword });
  await runRepo([...add(at('key')), '--label', 'nightly'], { environment: withPassword });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const add = (file: string) => ['keys', 'add', '--repo', at('repo'), '--new-key-file', file];
const points = (...more: readonly string[]) => ['points', '--repo', at('repo'), ...more];

async function kinds(run: RepoRun): Promise<string[]> {
  const slots: { kind: string }[] = JSON.parse(
    await runRepo(['--json', 'keys', 'list', '--repo', at('repo')], run),
  );
  return slots.map(({ kind }) => kind).sort();
}

test('a key file is made for its owner alone, never over another, and opens', async () => {
  expect((await stat(at('key'))).mode & 0o777).toBe(0o600);
  expect(await runRepo(points('--key-file', at('key')))).toContain('There are no restore points.');
  const environment = { CAIRN_REPO_KEY_FILE: at('key') };
  expect(await kinds({ environment })).toEqual(['key-file', 'password']);
  const text = await readFile(at('key'), 'utf8');
  expect(await runRepo(points('--key-file', '-'), { stdin: text })).toContain('There are no restore points.');
  await expect(runRepo(add(at('key')), { environment: withPassword })).rejects.toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('exists already'),
  });
  expect(await readFile(at('key'), 'utf8')).toBe(text);
  expect(await kinds({ environment })).toEqual(['key-file', 'password']);
});

test('a file that others may read is refused with what to do about it', async () => {
  await writeFile(at('shared'), await readFile(at('key')));
  for (const mode of [0o640, 0o604, 0o620]) {
    await chmod(at('shared'), mode);
    await expect(runRepo(points('--key-file', at('shared')))).rejects.toMatchObject({
      code: 'invalid-input',
      hint: expect.stringContaining('chmod 600'),
    });
  }
  await chmod(at('shared'), 0o400);
  await runRepo(points('--key-file', at('shared')));
});

test('wrong, damaged, missing and foreign files are told apart', async () => {
  const key = await readFile(at('key'), 'utf8');
  await runRepo(['init', '--repo', at('other')], { environment: withPassword });
  const files = {
    damaged: key.replace(/[0-9a-f]\n/, (end) => (end === '0\n' ? '1\n' : '0\n')),
    damagedToo: 'not a key at all',
    endless: 'x'.repeat(1_000_000),
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(at(name), text, { mode: 0o600 });
    await expect(runRepo(points('--key-file', at(name))), name).rejects.toMatchObject({ code: 'damaged' });
  }
  await expect(runRepo(['points', '--repo', at('other'), '--key-file', at('key')])).rejects.toMatchObject({
    code: 'wrong-password',
    message: expect.stringContaining('another repository'),
  });
  await expect(runRepo(points('--key-file', at('nowhere')))).rejects.toMatchObject({ code: 'invalid-input' });
});

test('what the command says goes before what the environment says, and says one thing', async () => {
  const environment = { CAIRN_REPO_KEY_FILE: at('nowhere'), SECRET: 'first' };
  await runRepo(points('--password-env', 'SECRET'), { environment });
  await runRepo(points('--key-file', at('key')), { environment });
  await expect(runRepo(points(), { environment })).rejects.toMatchObject({ code: 'invalid-input' });
  const both = points('--key-file', at('key'), '--password-env', 'SECRET');
  await expect(runRepo(both, { environment })).rejects.toMatchObject({ code: 'invalid-input' });
});

test('no repository begins with a key file, and one key is added at a time', async () => {
  const init = ['init', '--repo', at('new'), '--key-file', at('key')];
  await expect(runRepo(init)).rejects.toMatchObject({ hint: expect.stringContaining('keys add') });
  const environment = { CAIRN_REPO_KEY_FILE: at('key'), ...withPassword };
  await runRepo(['init', '--repo', at('new')], { environment });
  const two = [...add(at('two')), '--new-password-env', 'CAIRN_REPO_PASSWORD'];
  await expect(runRepo(two, { environment })).rejects.toMatchObject({ code: 'invalid-input' });
});

test('a repository without encryption in the place of the one that was meant is noticed', async () => {
  const repo = ['--repo', at('replaced')];
  await runRepo(['init', ...repo, '--no-encryption']);
  await expect(runRepo(['points', ...repo, '--key-file', at('key')])).rejects.toMatchObject({
    code: 'wrong-password',
  });
  let notices = '';
  const onNotice = (text: string) => {
    notices += text;
  };
  await runRepo(['points', ...repo], { environment: withPassword, onNotice });
  expect(notices).toContain('not encrypted');
});

test('when the slot cannot be written there is no file either', async () => {
  await runRepo(['init', '--repo', at('open'), '--no-encryption']);
  const intoOpen = ['keys', 'add', '--repo', at('open'), '--new-key-file', at('useless')];
  await expect(runRepo(intoOpen)).rejects.toMatchObject({ code: 'not-supported' });
  expect(await readdir(folder)).not.toContain('useless');
  await expect(runRepo(add(at('no/such/folder')), { environment: withPassword })).rejects.toMatchObject({
    code: 'invalid-input',
  });
});

test('a slot that was not written leaves no file; one whose answer was lost keeps its file', async () => {
  const repo = ['--repo', 'https://localhost:1/account/backups?sig=none'];
  const store = memoryStore();
  await runRepo(['init', ...repo], { environment: withPassword, container: store });
  const failing = (put: BlobStore['put']): RepoRun => ({
    environment: withPassword,
    container: { ...store, put },
  });
  const lost = () => new AppError('unreachable', { message: 'The connection broke.' });
  const before = failing(async () => Promise.reject(lost()));
  const after = failing(async (name, body) => {
    await store.put(name, body);
    throw lost();
  });
  const addTo = (file: string) => ['keys', 'add', ...repo, '--new-key-file', at(file)];
  await expect(runRepo(addTo('before'), before)).rejects.toMatchObject({ code: 'unreachable' });
  await expect(runRepo(addTo('after'), after)).rejects.toMatchObject({ code: 'unreachable' });
  expect((await readdir(folder)).filter((name) => ['before', 'after'].includes(name))).toEqual(['after']);
  await runRepo(['points', ...repo, '--key-file', at('after')], { container: store });
});

test('whoever keeps only key files is warned, and the last slot stays', async () => {
  const repo = ['--repo', at('files-only')];
  const open = [...repo, '--key-file', at('only')];
  await runRepo(['init', ...repo], { environment: withPassword });
  await runRepo(['keys', 'add', ...repo, '--new-key-file', at('only')], { environment: withPassword });
  const slots: { id: string; kind: string }[] = JSON.parse(
    await runRepo(['--json', 'keys', 'list', ...open]),
  );
  const slotOf = (kind: string) => slots.find((slot) => slot.kind === kind)?.id ?? '';
  let notices = '';
  const onNotice = (text: string) => {
    notices += text;
  };
  await runRepo(['keys', 'remove', slotOf('password'), ...open], { onNotice });
  expect(notices).toContain('only key files');
  await expect(runRepo(['keys', 'remove', slotOf('key-file'), ...open])).rejects.toMatchObject({
    code: 'conflict',
  });
});
