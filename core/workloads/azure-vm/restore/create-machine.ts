import {
  createNic,
  createPublicIp,
  createVirtualMachine,
  deallocateVirtualMachine,
} from '../../../azure/index.ts';
import { AppError } from '../../../contract/index.ts';
import type { WorkloadEnvironment } from '../../environment.ts';
import { readPointDocument } from '../document.ts';
import { restoreTags } from './create-disks.ts';
import type { RestoreInput, RestoreRun, RestoreStep, TargetMachine } from './state.ts';

type NewMachine = Extract<TargetMachine, { mode: 'create' }>;

/** The interfaces, and the addresses where asked for, of the new machine. */
export function createInterfaces(env: WorkloadEnvironment): RestoreStep {
  return {
    key: 'create-network',
    title: 'Create the network interface',
    async run(run) {
      const { input, signal } = run;
      const connection = await env.connect(input.accountId);
      const resources = env.resources({ sessionId: run.sessionId, accountId: input.accountId });
      for (const nic of newMachine(input).nics) {
        if (nic.publicIpId !== null) {
          resources.intend(nic.publicIpId, 'restored-ip');
          const tags = restoreTags(env, run, 'restored-ip');
          const { region, zone } = input;
          await createPublicIp(connection, { publicIpId: nic.publicIpId, region, zone, tags }, signal);
        }
        resources.intend(nic.nicId, 'restored-nic');
        await createNic(
          connection,
          { ...nic, region: input.region, tags: restoreTags(env, run, 'restored-nic') },
          signal,
        );
      }
    },
  };
}

/** The machine itself, from its saved configuration and the new disks. */
export function createMachine(env: WorkloadEnvironment): RestoreStep {
  return {
    key: 'create-machine',
    title: 'Create the virtual machine',
    async run(run) {
      const { input, signal } = run;
      const machine = newMachine(input);
      const connection = await env.connect(input.accountId);
      const point = await env.repository(input.repositoryId).readPoint(input.pointId, signal);
      const { configuration } = readPointDocument(point.document);
      const resources = env.resources({ sessionId: run.sessionId, accountId: input.accountId });
      resources.intend(machine.vmId, 'restored-vm');
      await createVirtualMachine(
        connection,
        {
          vmId: machine.vmId,
          region: input.region,
          zone: input.zone,
          size: machine.size,
          configuration,
          osDiskId: osDiskOf(input),
          dataDisks: dataDisksOf(input),
          nicIds: machine.nics.map(({ nicId }) => nicId),
          tags: restoreTags(env, run, 'restored-vm'),
        },
        signal,
      );
      if (!machine.start) await deallocateVirtualMachine(connection, machine.vmId, signal);
      keepMachine(env, run, machine);
    },
  };
}

/** Everything of the new machine stays, from one moment on. */
function keepMachine(env: WorkloadEnvironment, run: RestoreRun, machine: NewMachine): void {
  const resources = env.resources({ sessionId: run.sessionId, accountId: run.input.accountId });
  const parts = machine.nics.flatMap(({ nicId, publicIpId }) => (publicIpId ? [nicId, publicIpId] : [nicId]));
  const disks = run.input.disks.map(({ targetId }) => targetId);
  for (const id of [machine.vmId, ...parts, ...disks]) resources.keep(id);
}

function newMachine(input: RestoreInput): NewMachine {
  if (input.machine?.mode === 'create') return input.machine;
  throw new AppError('internal', { message: 'This restore does not create a machine.' });
}

export function osDiskOf(input: RestoreInput): string {
  const disk = input.disks.find(({ os }) => os !== null);
  if (!disk) throw new AppError('internal', { message: 'This restore has no OS disk.' });
  return disk.targetId;
}

export function dataDisksOf(input: RestoreInput) {
  return input.disks
    .filter(({ os }) => os === null)
    .map(({ targetId, lun, caching }) => ({ diskId: targetId, lun: lun ?? 0, caching }));
}
