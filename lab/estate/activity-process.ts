import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { changeFiles, type FileChanges } from './change-files.ts';
import { seededRandom } from './random-source.ts';
import type { FoundVolume } from './volume-probe.ts';

/** One disk to work on, as JSON in the first argument. */
export interface ActivityJob {
  /** Raw image of the disk, changed in place. */
  readonly file: string;
  readonly mountPoint: string;
  readonly volumes: readonly FoundVolume[];
  /** Spread over the volumes. */
  readonly budgetBytes: number;
  readonly seed: string;
}

/**
 * Entry of the activity process: plays the guest on a disk image. It runs in a mount namespace of its own, so that its
 * mounts and loop devices go when it goes. Prints one {@link FileChanges} as JSON.
 */
async function main(): Promise<void> {
  const job = JSON.parse(process.argv[2] ?? '') as ActivityJob;
  mkdirSync(job.mountPoint, { recursive: true });
  const total = { written: 0, created: 0, deleted: 0 };
  for (const [index, volume] of job.volumes.entries()) {
    mount(job, volume);
    try {
      const budget = job.budgetBytes / job.volumes.length;
      const changes: FileChanges = await changeFiles(
        job.mountPoint,
        budget,
        seededRandom(`${job.seed} ${index}`),
      );
      total.written += changes.written;
      total.created += changes.created;
      total.deleted += changes.deleted;
      // What the guest deleted is given back to the disk; NTFS here has no trim.
      // Blocks only count as free once the journal is on disk.
      execFileSync('sync', ['--file-system', job.mountPoint]);
      if (volume.kind !== 'ntfs') execFileSync('fstrim', [job.mountPoint]);
    } finally {
      execFileSync('umount', [job.mountPoint]);
    }
  }
  rmSync(job.mountPoint, { recursive: true });
  process.stdout.write(JSON.stringify(total));
}

const mountOptions = { ext4: 'noatime,noinit_itable', xfs: 'noatime,nouuid', vfat: 'noatime' } as const;

function mount(job: ActivityJob, { kind, offset, length }: FoundVolume): void {
  const place = `offset=${offset},sizelimit=${length}`;
  if (kind !== 'ntfs') {
    execFileSync('mount', [
      '-t',
      kind,
      '-o',
      `loop,${place},${mountOptions[kind]}`,
      job.file,
      job.mountPoint,
    ]);
    return;
  }
  const words = ['--find', '--show', '--offset', String(offset), '--sizelimit', String(length), job.file];
  const loop = execFileSync('losetup', words, { encoding: 'utf8' }).trim();
  try {
    execFileSync('ntfs-3g', ['-o', 'noatime', loop, job.mountPoint]);
  } finally {
    // Detaches when the file system is unmounted.
    execFileSync('losetup', ['--detach', loop]);
  }
}

await main();
