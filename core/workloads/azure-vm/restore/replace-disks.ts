import {
  type Connection,
  deallocateVirtualMachine,
  getDisk,
  getVirtualMachineConfiguration,
  getVirtualMachineState,
  startVirtualMachine,
  swapDisks,
} from '../../../azure/index.ts';
import { AppError } from '../../../contract/index.ts';
import type { WorkloadEnvironment } from '../../environment.ts';
import { cachingOf } from '../saved-json.ts';
import { dataDisksOf, osDiskOf } from './create-machine.ts';
import type { DiskLayout, RestoreInput, RestoreRun, RestoreStep, TargetMachine } from './state.ts';

type OldMachine = Extract<TargetMachine, { mode: 'replace' }>;

export function stopMachine(env: WorkloadEnvironment): RestoreStep {
  return {
    key: 'stop-machine',
    title: 'Stop the virtual machine',
    async run(run) {
      const { vmId } = oldMachine(run.input);
      const connection = await env.connect(run.input.accountId);
      if (run.memory.wasRunning === null) {
        const state = await getVirtualMachineState(connection, vmId, run.signal);
        run.remember({ wasRunning: state?.power === 'running' });
      }
      await deallocateVirtualMachine(connection, vmId, run.signal);
    },
  };
}

/** The new disks take the place of the old ones, which stay in the resource group, detached. */
export function replaceDisks(env: WorkloadEnvironment): RestoreStep {
  return {
    key: 'replace-disks',
    title: 'Replace the disks of the virtual machine',
    async run(run) {
      const { input } = run;
      const { vmId } = oldMachine(input);
      const connection = await env.connect(input.accountId);
      if (run.memory.before === null) run.remember({ before: await layoutOf(connection, vmId, run.signal) });
      await swapDisks(
        connection,
        { vmId, osDiskId: osDiskOf(input), dataDisks: dataDisksOf(input) },
        run.signal,
      );
      const now = idsOf(await layoutOf(connection, vmId, run.signal));
      const replaced = idsOf(run.memory.before).filter((id) => !now.includes(id));
      run.remember({ replaced });
      const resources = env.resources({ sessionId: run.sessionId, accountId: input.accountId });
      for (const { targetId } of input.disks) resources.keep(targetId);
      run.log('info', 'The disks were replaced; the former ones are kept.', { disks: replaced.join(', ') });
    },
  };
}

export function startMachine(env: WorkloadEnvironment): RestoreStep {
  return {
    key: 'start-machine',
    title: 'Start the virtual machine',
    skip: (run) => !oldMachine(run.input).start,
    async run(run) {
      const connection = await env.connect(run.input.accountId);
      await startVirtualMachine(connection, oldMachine(run.input).vmId, run.signal);
    },
  };
}

async function layoutOf(connection: Connection, vmId: string, signal: AbortSignal): Promise<DiskLayout> {
  const { summary, vm } = await getVirtualMachineConfiguration(connection, vmId, signal);
  const osDiskId = summary.disks.find(({ os }) => os)?.resourceId ?? '';
  const dataDisks = summary.disks.flatMap(({ os, lun, resourceId }) =>
    os || lun === null || resourceId === null
      ? []
      : [{ diskId: resourceId, lun, caching: cachingOf(vm, lun) }],
  );
  return { osDiskId, dataDisks };
}

/** Lower-case ids of all disks of a layout. */
function idsOf(layout: DiskLayout | null): string[] {
  if (layout === null) return [];
  return [layout.osDiskId, ...layout.dataDisks.map(({ diskId }) => diskId)].map((id) => id.toLowerCase());
}

/**
 * Brings a machine whose disks were not all replaced back to what it had: its own disks, and running if it ran. When even
 * that fails, new disks that it has already are kept.
 */
export async function undoReplacement(env: WorkloadEnvironment, run: RestoreRun): Promise<void> {
  const { machine, accountId } = run.input;
  const { before, replaced, wasRunning } = run.memory;
  if (machine?.mode !== 'replace' || replaced !== null || wasRunning === null) return;
  const connection = await env.connect(accountId);
  try {
    if (before !== null) await swapDisks(connection, { vmId: machine.vmId, ...before }, run.signal);
  } finally {
    await keepAttached(env, run, connection);
  }
  if (!wasRunning) return;
  await startVirtualMachine(connection, machine.vmId, run.signal);
  run.log('info', 'The virtual machine was started again with its own disks.');
}

async function keepAttached(
  env: WorkloadEnvironment,
  run: RestoreRun,
  connection: Connection,
): Promise<void> {
  const resources = env.resources({ sessionId: run.sessionId, accountId: run.input.accountId });
  for (const { targetId } of run.input.disks) {
    const disk = await getDisk(connection, targetId, run.signal);
    if (disk?.managedBy) resources.keep(targetId);
  }
}

function oldMachine(input: RestoreInput): OldMachine {
  if (input.machine?.mode === 'replace') return input.machine;
  throw new AppError('internal', { message: 'This restore does not replace disks.' });
}
