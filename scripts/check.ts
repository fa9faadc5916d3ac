import { spawn } from 'node:child_process';

/** Format, lint, types, architecture, side by side; under a minute. Exit code 1 when any of them fails. */
const checks: ReadonlyArray<readonly [name: string, command: readonly string[]]> = [
  ['format and lint', ['biome', 'ci', '--error-on-warnings', '.']],
  ['types (node)', ['tsc', '-p', 'tsconfig.json']],
  ['types (web)', ['tsc', '-p', 'tsconfig.web.json']],
  ['unused code', ['knip', '--no-progress']],
  ['architecture', ['vitest', 'run', '--project', 'unit', 'scripts/architecture.test.ts']],
];

interface Outcome {
  readonly name: string;
  readonly code: number;
  readonly output: string;
}

function run(name: string, command: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn('npx', ['--no-install', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ name, code: 1, output: error.message }));
    child.on('close', (code) => resolve({ name, code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  });
}

const outcomes = await Promise.all(checks.map(([name, command]) => run(name, command)));
for (const { name, code, output } of outcomes) {
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}\n`);
  if (code !== 0) process.stdout.write(`${output}\n`);
}
process.exitCode = outcomes.every((outcome) => outcome.code === 0) ? 0 : 1;
