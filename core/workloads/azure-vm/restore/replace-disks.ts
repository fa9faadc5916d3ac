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
import { dataDisksOf, osDiskOf } from './create-machine.ts';
import type { RestoreInput, RestoreRun, RestoreStep, TargetMachine } from './state.ts';

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
      if (run.memory.before === null)
        run.remember({ before: await attachedDisks(connection, vmId, run.signal) });
      await swapDisks(
        connection,
        { vmId, osDiskId: osDiskOf(input), dataDisks: dataDisksOf(input) },
        run.signal,
      );
      const attached = await attachedDisks(connection, vmId, run.signal);
      const replaced = (run.memory.before ?? []).filter((id) => !attached.includes(id));
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

/** Lower-case ids of the managed disks that the machine has now. */
async function attachedDisks(connection: Connection, vmId: string, signal: AbortSignal): Promise<string[]> {
  const { summary } = await getVirtualMachineConfiguration(connection, vmId, signal);
  return summary.disks.flatMap(({ resourceId }) => resourceId?.toLowerCase() ?? []);
}

/** New disks that the machine has already are not removed with a failed session. */
export async function keepAttached(env: WorkloadEnvironment, run: RestoreRun): Promise<void> {
  if (run.memory.before === null || run.memory.replaced !== null) return;
  const connection = await env.connect(run.input.accountId);
  const resources = env.resources({ sessionId: run.sessionId, accountId: run.input.accountId });
  for (const { targetId } of run.input.disks) {
    const disk = await getDisk(connection, targetId, run.signal);
    if (disk?.managedBy) resources.keep(targetId);
  }
}

/** A machine that this session stopped, but whose disks it did not replace, runs again as before. */
export async function startAgain(env: WorkloadEnvironment, run: RestoreRun): Promise<void> {
  if (run.input.machine?.mode !== 'replace' || run.memory.wasRunning !== true) return;
  if (run.memory.replaced !== null) return;
  const connection = await env.connect(run.input.accountId);
  await startVirtualMachine(connection, run.input.machine.vmId, run.signal);
  run.log('info', 'The virtual machine was started again with its own disks.');
}

function oldMachine(input: RestoreInput): OldMachine {
  if (input.machine?.mode === 'replace') return input.machine;
  throw new AppError('internal', { message: 'This restore does not replace disks.' });
}
