import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunCommandResult } from '../ports.ts';
import { type FileSystemEntry, findEntry, readFstab } from './fstab.ts';
import type { FoundVolume } from './volume-probe.ts';

/** A guest to run a script in, as JSON on standard input. */
export interface GuestJob {
  readonly mountPoint: string;
  /** The file systems of the guest's disks, those of the OS disk first. */
  readonly volumes: readonly { readonly file: string; readonly volume: FoundVolume }[];
  readonly script: string;
  readonly authorityPem: string;
}

const MAX_OUTPUT_BYTES = 4096;
/** Where programs are; of these the guest borrows what it has not. */
const PROGRAM_FOLDERS = ['bin', 'sbin', 'lib', 'lib64', 'usr/bin', 'usr/sbin', 'usr/lib', 'usr/libexec'];
/** What any running Linux has. */
const SYSTEM_FOLDERS = ['proc', 'dev', 'run', 'tmp', 'var/tmp'];

/**
 * Entry of the guest process. It runs in a mount namespace of its own, so that its mounts and loop devices go when it
 * goes. Prints one {@link RunCommandResult} as JSON.
 */
function main(): void {
  const job = JSON.parse(readFileSync(0, 'utf8')) as GuestJob;
  process.stdout.write(JSON.stringify(runJob(job)));
}

function runJob(job: GuestJob): RunCommandResult {
  mkdirSync(job.mountPoint, { recursive: true });
  const root = job.volumes.find(({ volume }) => volume.kind === 'ext4' || volume.kind === 'xfs');
  if (root === undefined) return { exitCode: 127, stdout: '', stderr: 'No system was found.' };
  mount(root, job.mountPoint);
  mountByTable(job, root);
  const borrowed = PROGRAM_FOLDERS.flatMap((folder) => borrow(job.mountPoint, folder));
  const made = SYSTEM_FOLDERS.flatMap((folder) => makeFolder(job.mountPoint, folder));
  execFileSync('mount', ['-t', 'proc', 'proc', join(job.mountPoint, 'proc')]);
  execFileSync('mount', ['--rbind', '/dev', join(job.mountPoint, 'dev')]);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', join(job.mountPoint, 'run')]);
  const result = runScript(job);
  shutDown(job.mountPoint, [...borrowed, ...made.reverse()]);
  return result;
}

/** A second mount of one loop file would be refused as busy; every file system has its own offset. */
function mount({ file, volume }: GuestJob['volumes'][number], place: string): void {
  const { kind, offset, length } = volume;
  const own = { ext4: 'noinit_itable', xfs: 'nouuid', ntfs: 'noatime', vfat: 'noatime' }[kind];
  const options = `loop,offset=${offset},sizelimit=${length},relatime,${own}`;
  execFileSync('mount', ['-t', kind, '-o', options, file, place]);
}

function mountByTable(job: GuestJob, root: GuestJob['volumes'][number]): void {
  const table = join(job.mountPoint, 'etc/fstab');
  if (!existsSync(table)) return;
  const entries = readFstab(readFileSync(table, 'utf8')).filter(({ place }) => place !== '/');
  for (const found of job.volumes) {
    if (found === root || found.volume.kind === 'ntfs' || found.volume.kind === 'vfat') continue;
    const entry: FileSystemEntry | undefined = findEntry(entries, identityOf(found));
    if (entry === undefined) continue;
    const place = join(job.mountPoint, entry.place);
    mkdirSync(place, { recursive: true });
    mount(found, place);
  }
}

function identityOf({ file, volume }: GuestJob['volumes'][number]): { label: string; uuid: string } {
  const value = (name: string): string => {
    const words = ['-p', '-o', 'value', '-s', name, '-O', String(volume.offset), '-S', String(volume.length)];
    return spawnSync('blkid', [...words, file], { encoding: 'utf8', env: toolEnvironment() }).stdout.trim();
  };
  return { label: value('LABEL'), uuid: value('UUID') };
}

const toolEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
});

/** Folders that were made for this and go again. */
function makeFolder(root: string, folder: string): string[] {
  const path = join(root, folder);
  if (existsSync(path)) return [];
  mkdirSync(path, { recursive: true });
  return [path];
}

function borrow(root: string, folder: string): string[] {
  const source = join('/', folder);
  if (existsSync(join(root, folder)) || !existsSync(source)) return [];
  const made = makeFolder(root, folder);
  execFileSync('mount', ['--bind', realpathSync(source), join(root, folder)]);
  execFileSync('mount', ['-o', 'remount,bind,ro', join(root, folder)]);
  return made;
}

function runScript(job: GuestJob): RunCommandResult {
  writeFileSync(join(job.mountPoint, 'run/lab-ca.pem'), job.authorityPem);
  writeFileSync(join(job.mountPoint, 'run/script.sh'), job.script, { mode: 0o700 });
  const child = spawnSync('chroot', [job.mountPoint, '/bin/sh', '/run/script.sh'], {
    cwd: '/',
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      LANG: 'C.UTF-8',
      CURL_CA_BUNDLE: '/run/lab-ca.pem',
    },
    maxBuffer: 64 * 1024 * 1024,
  });
  return {
    exitCode: child.status ?? 255,
    stdout: lastWords(child.stdout),
    stderr: lastWords(child.stderr),
  };
}

/** The end of an output, as Azure's run command keeps it. */
const lastWords = (output: Buffer): string => output.subarray(-MAX_OUTPUT_BYTES).toString('utf8');

function shutDown(root: string, folders: readonly string[]): void {
  execFileSync('sync', ['--file-system', root]);
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => (line.split(' ')[1] ?? '').replaceAll('\\040', ' '))
    .filter((place) => place === root || place.startsWith(`${root}/`));
  for (const place of mounts.reverse()) {
    if (place === root) for (const folder of folders) rmdirSync(folder);
    execFileSync('umount', [place]);
  }
}

main();
