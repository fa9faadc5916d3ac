import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { VmDescription, VmPlane, VmPowerState } from '../ports.ts';
import { type BootPlan, emptyPlan, readCustomData } from './cloud-config.ts';
import { Machine } from './vm-machine.ts';

export interface VmPlaneOptions {
  /** Boot logs and seed files, one folder per VM. */
  readonly folder: string;
  /** The lab's root certificate, put into every VM's trust store. */
  readonly authorityPem: string;
  /** Runs a command in a running VM that has no processes here, on its disks. */
  readonly guestCommand?: VmPlane['runCommand'];
  readonly onDefect: (error: unknown) => void;
}

export interface LabVmPlane extends VmPlane {
  /** What the VM has printed since its first boot; empty for one that never booted here. */
  bootLog(vmId: string): Promise<string>;
  /** VMs with processes now. */
  running(): readonly string[];
  close(): Promise<void>;
}

interface Entry {
  state: VmPowerState;
  machine: Machine | undefined;
}

/** Opens the plane that runs VMs as process trees on this machine (Linux). */
export function openVmPlane(options: VmPlaneOptions): LabVmPlane {
  const entries = new Map<string, Entry>();
  const folderOf = (vmId: string): string => join(options.folder, vmId.replaceAll(/[^A-Za-z0-9-]/g, '_'));

  const halt = async (vmId: string): Promise<void> => {
    const entry = entries.get(vmId);
    const machine = entry?.machine;
    if (entry === undefined || machine === undefined) return;
    entry.machine = undefined;
    await machine.kill();
  };

  return {
    async boot(vm) {
      await halt(vm.vmId);
      const entry: Entry = { state: 'starting', machine: undefined };
      entries.set(vm.vmId, entry);
      try {
        if (hasProcesses(vm)) {
          entry.machine = await bootMachine(options, { vm, folder: folderOf(vm.vmId), entry });
        }
        entry.state = 'running';
      } catch (error) {
        entries.delete(vm.vmId);
        throw error;
      }
    },
    async stop(vmId, state) {
      await halt(vmId);
      entries.set(vmId, { state, machine: undefined });
    },
    async remove(vmId) {
      await halt(vmId);
      entries.delete(vmId);
      await rm(folderOf(vmId), { recursive: true, force: true });
    },
    powerState: (vmId) => entries.get(vmId)?.state,
    async runCommand(vmId, script, signal) {
      const machine = entries.get(vmId)?.machine;
      if (machine === undefined) return (options.guestCommand ?? noGuest)(vmId, script, signal);
      if (script.commandId !== 'RunShellScript')
        return { exitCode: 127, stdout: '', stderr: 'This VM has no PowerShell.' };
      return machine.run(script.script.join('\n'), signal);
    },
    bootLog: (vmId) => readFile(join(folderOf(vmId), 'boot.log'), 'utf8').catch(() => ''),
    running: () => [...entries].filter(([, entry]) => entry.machine !== undefined).map(([vmId]) => vmId),
    async close() {
      await Promise.all([...entries.keys()].map(halt));
    },
  };
}

const noGuest: VmPlane['runCommand'] = async () => ({
  exitCode: 127,
  stdout: '',
  stderr: 'This VM of the lab has no system.',
});

/** Only a Linux VM with custom data does anything on its own; any other is a power state. */
const hasProcesses = (vm: VmDescription): boolean => vm.osType === 'Linux' && vm.customData !== undefined;

async function bootMachine(
  options: VmPlaneOptions,
  { vm, folder, entry }: { vm: VmDescription; folder: string; entry: Entry },
): Promise<Machine> {
  return Machine.boot({
    folder,
    authorityPem: options.authorityPem,
    vm,
    plan: planOf(vm),
    onEnd: (how) => {
      entry.machine = undefined;
      entry.state = 'stopped';
      if (how === 'died') options.onDefect(new Error(`the first process of VM ${vm.name} died`));
    },
  });
}

/** As on Azure, custom data that cannot be read does not keep a VM from running; only its log knows. */
function planOf(vm: VmDescription): BootPlan {
  try {
    return readCustomData(vm.customData ?? '');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...emptyPlan, ignored: [`custom data: ${reason}`] };
  }
}
