import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ProcessResult, runProcess } from './run-process.ts';

const run = promisify(execFile);

/** Another program doing the same to the same bytes. */
export interface Peer {
  readonly name: string;
  readonly debianPackage: string;
  full(image: string, folder: string): Promise<ProcessResult>;
  second?(image: string, folder: string): Promise<ProcessResult>;
  restore?(folder: string, target: string): Promise<ProcessResult>;
}

const restic = (folder: string, ...args: string[]) =>
  runProcess(['restic', '-q', '-r', join(folder, 'restic'), ...args], {
    env: { RESTIC_PASSWORD: 'bench', RESTIC_CACHE_DIR: join(folder, 'cache') },
  });
const borg = (folder: string, cwd: string, ...args: string[]) =>
  runProcess(['borg', ...args], {
    cwd,
    env: { BORG_PASSPHRASE: 'bench', BORG_REPO: join(folder, 'borg'), BORG_BASE_DIR: join(folder, 'base') },
  });

export const peers: readonly Peer[] = [
  {
    name: 'restic',
    debianPackage: 'restic',
    async full(image, folder) {
      await restic(folder, 'init');
      return restic(folder, 'backup', image);
    },
    second: (image, folder) => restic(folder, 'backup', image),
    restore: (folder, target) => restic(folder, 'restore', 'latest', '--target', target),
  },
  {
    name: 'borg zstd,3',
    debianPackage: 'borgbackup',
    async full(image, folder) {
      await borg(folder, folder, 'init', '-e', 'repokey-blake2');
      return borg(folder, folder, 'create', '-C', 'zstd,3', '::first', image);
    },
    second: (image, folder) => borg(folder, folder, 'create', '-C', 'zstd,3', '::second', image),
    async restore(folder, target) {
      await mkdir(target, { recursive: true });
      return borg(folder, target, 'extract', '--sparse', '::first');
    },
  },
  {
    name: 'zstd -T0 -1',
    debianPackage: 'zstd',
    full: (image, folder) =>
      runProcess(['zstd', '-T0', '-1', '-q', '-f', '-o', join(folder, 'disk.zst'), image]),
    async restore(folder, target) {
      await mkdir(target, { recursive: true });
      return runProcess(['zstd', '-d', '-q', '-f', '-o', join(target, 'disk.raw'), join(folder, 'disk.zst')]);
    },
  },
  {
    name: 'qemu-img zstd',
    debianPackage: 'qemu-utils',
    full: (image, folder) =>
      runProcess([
        ...['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', '-c', '-o', 'compression_type=zstd'],
        ...[image, join(folder, 'disk.qcow2')],
      ]),
    async restore(folder, target) {
      await mkdir(target, { recursive: true });
      return runProcess([
        'qemu-img',
        'convert',
        '-O',
        'raw',
        join(folder, 'disk.qcow2'),
        join(target, 'disk.raw'),
      ]);
    },
  },
];

/** Installs what is missing with apt, when allowed; gives the peers that are there. */
export async function availablePeers(install: boolean): Promise<Peer[]> {
  const found: Peer[] = [];
  for (const peer of peers) {
    if (!(await isInstalled(peer.debianPackage)) && install) {
      await run('apt-get', ['install', '-y', '-q', peer.debianPackage]).catch(() => undefined);
    }
    if (await isInstalled(peer.debianPackage)) found.push(peer);
  }
  return found;
}

async function isInstalled(debianPackage: string): Promise<boolean> {
  return run('dpkg', ['-s', debianPackage]).then(
    () => true,
    () => false,
  );
}

/** Bytes of all files in a folder. */
export async function sizeOf(folder: string, except: readonly string[] = []): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !except.some((name) => path.includes(`/${name}/`)))
      bytes += (await stat(path)).size;
  }
  return bytes;
}

export async function freshFolder(path: string): Promise<string> {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  return path;
}
