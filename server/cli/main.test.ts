import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const environment = { CAIRN_REPO_PASSWORD: 'first' };
let folder = '';
const at = (name: string) => join(folder, name);
const repo = () => ['--repo', at('repo')];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-start-'));
  await loadedBy(['repo', 'init', ...repo()], environment);
  await loadedBy(['repo', 'keys', 'add', '--new-key-file', at('key'), ...repo()], environment);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the command line as a process of its own; gives what it loaded. */
async function loadedBy(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const report = join(import.meta.dirname, 'testing/report-loaded.ts');
  const program = [process.execPath, '--import', report, join(import.meta.dirname, 'main.ts')] as const;
  const child = spawn(program[0], [...program.slice(1), ...args], {
    env: { PATH: process.env['PATH'], HOME: folder, ...variables },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  for await (const chunk of child.stderr) text += String(chunk);
  if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
  expect(child.exitCode, text).toBe(0);
  return text.split('\n').flatMap((line) => (line.startsWith('loaded ') ? [line.slice(7)] : []));
}

/** Of what would make a command start late: a network stack, the SDKs, core, the readers of file systems, threads. */
const heavy = /^node:(http|https|tls|sqlite)$|@azure|core\/index\.ts|core\/(db|files|volumes)\/|^a thread$/;

test('the version loads nothing that works on anything', async () => {
  const loaded = await loadedBy(['--version']);
  expect(loaded.length).toBeGreaterThan(20);
  expect(loaded.filter((url) => heavy.test(url) || /core\/engine/.test(url))).toEqual([]);
});

test('a list of points by key file loads the engine alone, and starts no thread', async () => {
  const loaded = await loadedBy(['repo', 'points', '--key-file', at('key'), ...repo()]);
  expect(loaded.some((url) => url.endsWith('core/engine/index.ts'))).toBe(true);
  expect(loaded.filter((url) => heavy.test(url))).toEqual([]);
});

test('a backup starts threads, which this test would see', async () => {
  await writeFile(at('disk.raw'), Buffer.alloc(4096, 'x'));
  const loaded = await loadedBy(['repo', 'put', at('disk.raw'), '--key-file', at('key'), ...repo()]);
  expect(loaded).toContain('a thread');
});
