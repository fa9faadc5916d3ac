import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LabDiskPlane } from '../disks/index.ts';
import type { RunCommandResult } from '../ports.ts';
import { importDiskFile, writeDiskFile } from './disk-file.ts';
import type { GuestJob } from './guest-command-process.ts';
import { isRoot, runTool } from './run-tool.ts';
import { type FoundVolume, probeVolumes } from './volume-probe.ts';

export interface GuestCommandDeps {
  readonly disks: LabDiskPlane;
  /** The lab's root certificate, which the guest trusts. */
  readonly authorityPem: string;
}

export interface GuestCommand {
  /** Unique ids of the machine's managed disks, the OS disk first. */
  readonly diskIds: readonly string[];
  readonly commandId: string;
  readonly script: readonly string[];
}

/**
 * Runs a shell script inside of a Linux guest that has no processes of its own in the lab: its disks are mounted as
 * its `/etc/fstab` says, the script runs there as root, and what it has changed is on the disks when this resolves,
 * whatever the script's status. A guest without programs borrows this machine's.
 */
export async function runGuestCommand(
  deps: GuestCommandDeps,
  command: GuestCommand,
  signal: AbortSignal,
): Promise<RunCommandResult> {
  if (command.commandId !== 'RunShellScript') return refused('The lab has no PowerShell to run this with.');
  if (!isRoot()) return refused('The lab must run as root to run commands in guests.');
  const folder = await mkdtemp(join(tmpdir(), 'cairn-guest-'));
  try {
    const disks: GuestDisk[] = [];
    for (const [index, uniqueId] of command.diskIds.entries()) {
      const file = join(folder, `disk-${index}`);
      const { sizeBytes } = await writeDiskFile(deps.disks, uniqueId, file, signal);
      disks.push({ uniqueId, file, volumes: await probeVolumes(file, sizeBytes, signal) });
    }
    const result = await runInside(deps, { command, folder, disks }, signal);
    for (const { uniqueId, file } of disks) await importDiskFile(deps.disks, { uniqueId, file }, signal);
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface GuestDisk {
  readonly uniqueId: string;
  readonly file: string;
  readonly volumes: readonly FoundVolume[];
}

async function runInside(
  deps: GuestCommandDeps,
  guest: { readonly command: GuestCommand; readonly folder: string; readonly disks: readonly GuestDisk[] },
  signal: AbortSignal,
): Promise<RunCommandResult> {
  const job: GuestJob = {
    mountPoint: join(guest.folder, 'guest'),
    volumes: guest.disks.flatMap(({ file, volumes }) => volumes.map((volume) => ({ file, volume }))),
    script: guest.command.script.join('\n'),
    authorityPem: deps.authorityPem,
  };
  const entry = fileURLToPath(new URL('./guest-command-process.ts', import.meta.url));
  const words = ['--pdeathsig', 'KILL', 'unshare', '--mount', process.execPath, entry];
  return JSON.parse(
    await runTool('setpriv', words, { signal, input: JSON.stringify(job) }),
  ) as RunCommandResult;
}

/** The agent of a machine that cannot run the command says so; to Resource Manager the action has ended well. */
function refused(stderr: string): RunCommandResult {
  return { exitCode: 127, stdout: '', stderr };
}
