import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where one lab keeps its files. */
export interface LabFolder {
  readonly path: string;
  readonly durable: boolean;
  /** Deletes what is not meant to stay. */
  close(): Promise<void>;
}

const PREFIX = 'cairn-lab-';

/** The given state folder, or a temporary one that ends with the lab. */
export async function openLabFolder(state: string | undefined): Promise<LabFolder> {
  if (state !== undefined) {
    const path = resolve(state);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return { path, durable: true, close: async () => undefined };
  }
  await removeOrphans();
  const path = await mkdtemp(join(tmpdir(), PREFIX));
  await writeFile(join(path, 'pid'), String(process.pid));
  return { path, durable: false, close: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** A lab that was killed could not delete its temporary folder; the next one does. */
async function removeOrphans(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => '0'));
    // Another user's folder stays: it cannot be deleted, and is not ours to delete.
    if (pid > 0 && !isAlive(pid)) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Ports of the lab's servers; URLs with them are kept by consoles, so a kept lab keeps its ports. */
export interface LabPorts {
  readonly arm: number;
  readonly admin: number;
  readonly disk: number;
  readonly blob: number;
  readonly queue: number;
  readonly keyVault: number;
}

export const anyPorts: LabPorts = { arm: 0, admin: 0, disk: 0, blob: 0, queue: 0, keyVault: 0 };

export async function readPorts(folder: LabFolder): Promise<LabPorts | undefined> {
  const text = await readFile(join(folder.path, 'ports.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as LabPorts);
}

export async function writePorts(folder: LabFolder, ports: LabPorts): Promise<void> {
  const file = join(folder.path, 'ports.json');
  await writeFile(`${file}.new`, JSON.stringify(ports));
  await rename(`${file}.new`, file);
}
