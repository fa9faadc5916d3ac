import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createCore, toAppError, type WorkerPackage } from '../core/index.ts';
import { type RunningServer, serve } from '../server/index.ts';
import { buildPart, parts } from './build-parts.ts';
import { buildWorkerPart } from './build-worker-part.ts';
import { type LabProcess, startLabProcess } from './lab-process.ts';
import { runProgram } from './run-program.ts';

/**
 * `npm start`: the console on the full lab, from a clone. `--cloud NAME|FILE` leaves the lab out and talks to that
 * cloud; `--port`, `--state DIR` (default .cairn) as they say. Opens the desktop window where Electron and a display
 * are, and prints the address for a browser in any case.
 */
const root = path.dirname(import.meta.dirname);
const { values } = parseArgs({
  options: {
    cloud: { type: 'string' },
    port: { type: 'string', default: '0' },
    state: { type: 'string', default: path.join(root, '.cairn') },
    'no-window': { type: 'boolean', default: false },
  },
});
const stopped = new AbortController();
process.on('SIGINT', () => stopped.abort()).on('SIGTERM', () => stopped.abort());

const state = path.resolve(values.state);
// A clone's data on the lab and its data on a real cloud must not meet in one database.
const dataDirectory = path.join(state, values.cloud === undefined ? 'data' : 'data-cloud');
const closing: Array<() => Promise<void>> = [];
try {
  const [lab, worker] = await Promise.all([
    values.cloud === undefined ? openLab() : null,
    buildWorkerPart(root),
    buildPart(root, parts.renderer),
  ]);
  const server = await openServer(worker);
  if (lab !== null) printSignIn(lab);
  process.stdout.write(`\nCairn's console: ${server.newStartAddress()}\n`);
  process.stdout.write('Ctrl-C ends it. Another address for a browser: npm run -s cairn -- open\n');
  if (!values['no-window']) await openWindow();
  await aborted();
} catch (error) {
  const { message, hint, details } = toAppError(error);
  process.stderr.write(`${[message, hint, details['reason'] ?? ''].filter(Boolean).join('\n')}\n`);
  process.exitCode = 1;
} finally {
  for (const close of closing.reverse()) await close();
}

async function openLab(): Promise<LabProcess> {
  await runProgram(process.execPath, ['scripts/install-debian-packages.ts', 'lab'], {
    cwd: root,
    show: true,
  });
  process.stderr.write('Starting the lab; the first time it builds its disks...\n');
  const lab = await startLabProcess({
    state: path.join(state, 'lab'),
    estate: 'full',
    cacheFolder: path.join(root, '.cache', 'lab'),
  });
  closing.push(() => lab.close());
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const cloudFile = path.join(dataDirectory, 'cloud.json');
  await writeFile(cloudFile, `${JSON.stringify(lab.cloud, null, 2)}\n`);
  // Without the lab this address belongs to nobody.
  closing.push(() => rm(cloudFile, { force: true }));
  return lab;
}

async function openServer(worker: WorkerPackage): Promise<RunningServer> {
  const server = await serve({
    dataDirectory,
    cloud: values.cloud,
    environment: process.env,
    port: Number(values.port),
    pages: path.join(root, 'dist', 'renderer'),
    workerPackage: () => Promise.resolve(worker),
    createCore: (host) => createCore(host),
    log: (level, text) => {
      if (level !== 'info') process.stderr.write(`${level}: ${text}\n`);
    },
  });
  closing.push(() => server.close());
  return server;
}

function printSignIn({ addresses }: LabProcess): void {
  const { operator, user, tenantId } = addresses;
  process.stdout.write(
    [
      '',
      "This console is on the lab, a local stand-in for Azure. Add an account with the lab's service principal:",
      `  Tenant id      ${tenantId}`,
      `  Client id      ${operator.clientId}`,
      `  Client secret  ${operator.clientSecret}`,
      `or by device code as ${user.userPrincipalName}, password ${user.password}`,
      '',
    ].join('\n'),
  );
}

/** The desktop window on this server, where Electron's program and a display are. */
async function openWindow(): Promise<void> {
  const dist =
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? path.join(root, 'node_modules', 'electron', 'dist');
  const electron = path.join(dist, process.platform === 'win32' ? 'electron.exe' : 'electron');
  const hasDisplay = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  if (!hasDisplay || !existsSync(electron)) return;
  await buildPart(root, parts.electron);
  const main = path.join(root, 'dist', 'electron', 'main.js');
  const window = spawn(electron, [main, '--data-directory', dataDirectory], { stdio: 'inherit' });
  window.on('error', (error) => process.stderr.write(`The window cannot be opened: ${error.message}\n`));
  closing.push(async () => void window.kill());
}

function aborted(): Promise<void> {
  return new Promise((resolve) => {
    if (stopped.signal.aborted) resolve();
    else stopped.signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
