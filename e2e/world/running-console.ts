import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type LabProcess, startLabProcess } from '../../scripts/lab-process.ts';

const root = path.join(import.meta.dirname, '..', '..');
const cli = path.join(root, 'server', 'cli', 'main.ts');
const run = promisify(execFile);

/** A lab and a server on it, both as processes of their own, with a data directory that is new. */
export interface RunningConsole {
  readonly lab: LabProcess;
  readonly address: string;
  /** Holds the server's bearer token. */
  readonly tokenFile: string;
  /** Runs `cairn ARGS --json` as an operator would, and parses what it prints. */
  cairn(...args: readonly string[]): Promise<unknown>;
  /** An address that signs one browser in. */
  startAddress(): Promise<string>;
  /** Signs in to the lab, adds the repository `main`, both by the command line. */
  prepare(): Promise<void>;
  /** Makes every read of a disk or snapshot take that much longer, as on a slow line; 0 ends it. */
  slowDisks(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

export async function startConsole(): Promise<RunningConsole> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cairn-e2e-'));
  const lab = await startLabProcess({ estate: 'full', cacheFolder: path.join(root, '.cache', 'lab') });
  const cloud = path.join(folder, 'cloud.json');
  await writeFile(cloud, JSON.stringify(lab.cloud));
  const dataDirectory = path.join(folder, 'data');
  const common = ['--json', '--data-directory', dataDirectory];
  const server = spawn(process.execPath, [cli, 'serve', '--cloud', cloud, ...common], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { address } = await firstAnswer(server);
  const secrets = { LAB_SECRET: lab.addresses.operator.clientSecret, LAB_PASSWORD: 'a password for tests' };
  const cairn = async (...args: readonly string[]): Promise<unknown> => {
    const { stdout } = await run(process.execPath, [cli, ...args, ...common], {
      env: { ...process.env, ...secrets },
      maxBuffer: 16 * 1024 * 1024,
    });
    return JSON.parse(stdout);
  };
  return {
    lab,
    address,
    tokenFile: path.join(dataDirectory, 'server.token'),
    cairn,
    startAddress: async () => ((await cairn('open')) as { startAddress: string }).startAddress,
    async prepare() {
      const { operator, tenantId } = lab.addresses;
      const account = ['--tenant', tenantId, '--client-id', operator.clientId, '--name', 'Lab operator'];
      await cairn('accounts', 'add', ...account, '--secret-env', 'LAB_SECRET');
      const place = ['--storage-account', 'contosobackupweu', '--container', 'backups', '--create-container'];
      await cairn('repositories', 'add', ...place, '--name', 'main', '--password-env', 'LAB_PASSWORD');
    },
    slowDisks: (milliseconds) => slowDisks(lab, milliseconds),
    async close() {
      await ended(server);
      await lab.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function slowDisks({ addresses: { admin } }: LabProcess, milliseconds: number): Promise<void> {
  const faults = new URL('/faults', admin.origin);
  const headers = { 'x-lab-admin-key': admin.key };
  await fetch(faults, { method: 'DELETE', headers });
  if (milliseconds === 0) return;
  const rule = { service: 'disk', method: 'GET', delayMs: milliseconds };
  const answer = await fetch(faults, { method: 'POST', headers, body: JSON.stringify(rule) });
  if (!answer.ok) throw new Error(`The lab refused the fault: ${await answer.text()}`);
}

/** `cairn serve --json` prints one document when it is ready. */
function firstAnswer(server: ChildProcess): Promise<{ address: string }> {
  return new Promise((resolve, reject) => {
    let text = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.trimEnd().endsWith('}')) resolve(JSON.parse(text) as { address: string });
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`cairn serve ended with ${code}.`)));
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
