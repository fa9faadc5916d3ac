import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ResourceStore } from '../arm/index.ts';
import type { LabDiskPlane } from '../disks/index.ts';
import type { ActivityJob } from './activity-process.ts';
import type { FileChanges } from './change-files.ts';
import { importDiskFile, writeDiskFile } from './disk-file.ts';
import { managedDisks } from './managed-disks.ts';
import { seededRandom } from './random-source.ts';
import { isRoot, runTool } from './run-tool.ts';
import { probeVolumes } from './volume-probe.ts';

export interface ActivityOptions {
  /** Part of the data on each disk that is to change, 0 to 1; about. Default 0.01. */
  readonly amount?: number;
  /** The same seed on the same disk does the same. Default `1`. */
  readonly seed?: string;
}

/** What happened to one disk. */
export interface DiskActivity {
  readonly diskId: string;
  /** `files`: through a mounted file system; `blocks`: on a disk whose file systems cannot be mounted here. */
  readonly way: 'files' | 'blocks';
  readonly changedBytes: number;
  readonly clearedBytes: number;
  readonly files: FileChanges | undefined;
}

export interface ActivityDeps {
  readonly store: ResourceStore;
  readonly disks: LabDiskPlane;
}

/** Plays the guest of a VM for a while: files on all its managed disks change. `vm` is a resource id or a name. */
export async function applyActivity(
  deps: ActivityDeps,
  vm: string,
  options: ActivityOptions,
  signal: AbortSignal,
): Promise<readonly DiskActivity[]> {
  const amount = options.amount ?? 0.01;
  if (!(amount > 0 && amount <= 1)) throw new Error('amount must be above 0 and at most 1');
  const done: DiskActivity[] = [];
  for (const diskId of managedDisks(deps.store, vm)) {
    const uniqueId = String(deps.store.get(diskId)?.properties['uniqueId']);
    const seed = `${options.seed ?? '1'} ${diskId}`;
    done.push({ diskId, ...(await changeDisk(deps.disks, { uniqueId, amount, seed }, signal)) });
  }
  return done;
}

interface DiskTask {
  readonly uniqueId: string;
  readonly amount: number;
  readonly seed: string;
}

async function changeDisk(
  disks: LabDiskPlane,
  task: DiskTask,
  signal: AbortSignal,
): Promise<Omit<DiskActivity, 'diskId'>> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-activity-'));
  try {
    const file = join(folder, 'disk');
    const { sizeBytes, dataBytes } = await writeDiskFile(disks, task.uniqueId, file, signal);
    const budgetBytes = Math.max(4096, dataBytes * task.amount);
    const volumes = isRoot() && dataBytes > 0 ? await probeVolumes(file, sizeBytes, signal) : [];
    if (volumes.length === 0)
      return { way: 'blocks', files: undefined, ...(await changeBlocks(disks, task, budgetBytes)) };
    const job: ActivityJob = {
      file,
      mountPoint: join(folder, 'mount'),
      volumes,
      budgetBytes,
      seed: task.seed,
    };
    const files = await runJob(job, signal);
    return {
      way: 'files',
      files,
      ...(await importDiskFile(disks, { uniqueId: task.uniqueId, file }, signal)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runJob(job: ActivityJob, signal: AbortSignal): Promise<FileChanges> {
  const entry = fileURLToPath(new URL('./activity-process.ts', import.meta.url));
  const words = ['--pdeathsig', 'KILL', 'unshare', '--mount', process.execPath, entry, JSON.stringify(job)];
  return JSON.parse(await runTool('setpriv', words, { signal })) as FileChanges;
}

/** Without a file system that can be mounted: pieces of the data are overwritten, a few are given back. */
async function changeBlocks(
  disks: LabDiskPlane,
  task: DiskTask,
  budgetBytes: number,
): Promise<{ changedBytes: number; clearedBytes: number }> {
  const random = seededRandom(task.seed);
  const ranges = [...disks.allocatedRanges(task.uniqueId)];
  const totals = { changedBytes: 0, clearedBytes: 0 };
  while (ranges.length > 0 && totals.changedBytes < budgetBytes) {
    const range = random.pick(ranges);
    const pages = Math.max(1, (range.end - range.start) / 4096);
    const offset = range.start + random.below(pages) * 4096;
    const length = Math.min(4096 * (1 + random.below(16)), range.end - offset);
    if (random.below(10) === 0) {
      await disks.clearBytes(task.uniqueId, offset, length);
      totals.clearedBytes += length;
    }
    await disks.writeBytes(task.uniqueId, offset, random.bytes(Math.ceil(length / 2 / 512) * 512));
    totals.changedBytes += length;
  }
  return totals;
}
