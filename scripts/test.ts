import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { electronForTests } from './electron-for-tests.ts';
import { runProgram } from './run-program.ts';

/**
 * `npm test`: every test there is, one kind after the other, and one summed line at the end. Arguments name the kinds
 * to run; without any, all.
 */
const root = path.dirname(import.meta.dirname);
const results = path.join(root, 'test-results');
const cache = path.join(root, '.cache');
/** Tests start hundreds of Node processes from the same sources; each finds them compiled by an earlier one. */
const compiled = { NODE_COMPILE_CACHE: path.join(cache, 'compile') };

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const node = (file: string, args: readonly string[]) => [path.join(root, 'node_modules', file), ...args];

const kinds = {
  unit: () => vitest('unit'),
  renderer: () => vitest('renderer'),
  lab: () => vitest('lab'),
  e2e: playwright,
} as const;
type Kind = keyof typeof kinds;

async function vitest(project: string): Promise<Counts> {
  const report = path.join(results, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await show(node('vitest/vitest.mjs', ['run', '--project', project, ...reporters]));
  const found = await readReport<{ numPassedTests: number; numFailedTests: number; success: boolean }>(
    report,
  );
  const failed = found?.numFailedTests ?? 0;
  // A file that does not even load has no failed tests, yet the run has failed.
  return { passed: found?.numPassedTests ?? 0, failed: code === 0 ? failed : Math.max(1, failed) };
}

async function playwright(): Promise<Counts> {
  await runProgram(process.execPath, ['scripts/build.ts'], { cwd: root, show: true });
  const report = path.join(results, 'e2e.json');
  const code = await show(node('@playwright/test/cli.js', ['test', '-c', 'e2e/playwright.config.ts']), {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  const found = await readReport<{ stats: { expected: number; unexpected: number; flaky: number } }>(report);
  const failed = (found?.stats.unexpected ?? 0) + (found?.stats.flaky ?? 0);
  return { passed: found?.stats.expected ?? 0, failed: code === 0 ? failed : Math.max(1, failed) };
}

function show(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...compiled, ...environment };
    const child = spawn(process.execPath, [...command], { cwd: root, stdio: 'inherit', env });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

async function readReport<T>(file: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return null;
  }
}

function isKind(text: string): text is Kind {
  return Object.hasOwn(kinds, text);
}

const asked = process.argv.slice(2);
const unknown = asked.find((text) => !isKind(text));
if (unknown !== undefined) {
  process.stderr.write(
    `There is no kind of tests named ${unknown}; there are ${Object.keys(kinds).join(', ')}.\n`,
  );
  process.exit(2);
}
const wanted = asked.length === 0 ? (Object.keys(kinds) as Kind[]) : asked.filter(isKind);
await rm(results, { recursive: true, force: true });
await runProgram(process.execPath, ['scripts/install-debian-packages.ts'], { cwd: root, show: true });
// Most of it is a download. What goes wrong is said by the story that wants a window.
if (wanted.includes('e2e')) void electronForTests(path.join(cache, 'electron')).catch(() => undefined);
const lines: string[] = [];
const sum = { passed: 0, failed: 0 };
for (const kind of wanted) {
  const started = Date.now();
  const { passed, failed } = await kinds[kind]();
  sum.passed += passed;
  sum.failed += failed;
  const seconds = Math.round((Date.now() - started) / 1000);
  lines.push(`${kind.padEnd(9)} ${passed} passed, ${failed} failed (${seconds} s)`);
}
process.stdout.write(`\n${lines.join('\n')}\n${sum.passed} passed, ${sum.failed} failed\n`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
