import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createCore, toAppError } from '../core/index.ts';
import type { CliIo } from '../server/cli/cli-io.ts';
import { findVm } from '../server/cli/find.ts';
import { createTerminalIo } from '../server/cli/terminal-io.ts';
import { createNodeHost } from '../server/index.ts';
import { buildWorkerPart } from './build-worker-part.ts';
import { findLeftovers } from './demo/leftovers.ts';
import { type DemoResult, demoSummary, demoTable } from './demo/report.ts';
import { addRepository, backUp, type Road, restore, signIn } from './demo/road.ts';
import { startLabProcess } from './lab-process.ts';

/**
 * `npm run demo`: the main job without a click, on a lab of its own. Backs up a machine, lets its guest work, backs it up
 * again, restores both points to new disks and compares every disk's SHA-256 with the source at that moment. Exit code 0
 * only if all are the same and nothing was left behind. `--disk FILE` takes a raw disk image as the machine's disk;
 * `--json` prints one object on standard output.
 */
const root = path.dirname(import.meta.dirname);
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    disk: { type: 'string' },
    vm: { type: 'string', default: 'db-01' },
  },
});

/**
 * Part of the data that the guest writes between the two backups. On disks as small as these, journals and metadata make
 * about 3 % of changed bytes out of it.
 */
const activityAmount = '0.005';
/** Sweeping goes on for a moment after the last session. */
const sweepTries = 20;
const sweepPauseMs = 500;

const io = createTerminalIo();
const folder = await mkdtemp(path.join(os.tmpdir(), 'cairn-demo-'));
try {
  const result = await demo(io);
  const summary = demoSummary(result);
  const table = demoTable(result);
  if (values.json) io.stderr(`\n${table}`);
  else io.stdout(`\n${table}`);
  for (const id of summary.leftovers) io.stderr(`left behind: ${id}\n`);
  if (values.json) io.stdout(`${JSON.stringify(summary)}\n`);
  process.exitCode = summary.ok ? 0 : 1;
} catch (error) {
  const { message, hint, details } = toAppError(error);
  io.stderr(`${[message, hint, details['reason'] ?? ''].filter(Boolean).join('\n')}\n`);
  if (values.json) io.stdout(`${JSON.stringify({ ok: false, error: toAppError(error).toRecord() })}\n`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function demo(terminal: CliIo): Promise<DemoResult> {
  terminal.stderr('Starting the lab...\n');
  const worker = await buildWorkerPart(root);
  const lab = await startLabProcess({ estate: 'full', cacheFolder: path.join(root, '.cache', 'lab') });
  try {
    const vm = values.disk === undefined ? values.vm : 'demo-machine';
    if (values.disk !== undefined) await lab.addVmFromImage(path.resolve(values.disk), vm);
    const cloud = path.join(folder, 'cloud.json');
    await writeFile(cloud, JSON.stringify(lab.cloud));
    const host = await createNodeHost({
      dataDirectory: folder,
      cloud,
      environment: {},
      workerPackage: () => Promise.resolve(worker),
      log: (level, text) => {
        if (level === 'error') terminal.stderr(`${text}\n`);
      },
    });
    const core = createCore(host);
    try {
      return await travel({ core, lab, io: terminal }, vm);
    } finally {
      await core.close();
    }
  } finally {
    await lab.close();
  }
}

async function travel(road: Road, vm: string): Promise<DemoResult> {
  const say = (text: string) => road.io.stderr(`${text}\n`);
  say('Signing in and reading the subscriptions');
  await signIn(road);
  const { region } = await findVm(road.core, vm, road.io.signal);
  say('Adding an encrypted repository');
  const repositoryId = await addRepository(road, region, randomBytes(18).toString('base64'));
  say(`Backing up ${vm}`);
  const full = await backUp(road, vm, repositoryId);
  say('The guest works for a while');
  await road.lab.applyActivity(vm, activityAmount, 'demo');
  say(`Backing up ${vm} again`);
  const incremental = await backUp(road, vm, repositoryId);
  say('Restoring the first point');
  const first = await restore(road, full, 'first');
  say('Restoring the second point');
  const second = await restore(road, incremental, 'second');
  const wanted = {
    restoredDisks: [...first.diskIds, ...second.diskIds],
    lastBackupSession: incremental.sessionId,
  };
  let leftovers = await findLeftovers(road.lab, wanted);
  for (let tries = 0; leftovers.length > 0 && tries < sweepTries; tries++) {
    await new Promise((resolve) => setTimeout(resolve, sweepPauseMs));
    leftovers = await findLeftovers(road.lab, wanted);
  }
  return { full, incremental, restores: [first, second], leftovers };
}
