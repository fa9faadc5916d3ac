import {
  createUploadDisk,
  getDisk,
  getVirtualMachineState,
  ownershipTags,
  parseResourceId,
} from '../../../azure/index.ts';
import { AppError } from '../../../contract/index.ts';
import type { WorkloadEnvironment } from '../../environment.ts';
import type { RestoreRun, RestoreStep } from './state.ts';

/** The plan may be minutes old: looks again that nothing bears the new names and that the machine is as planned. */
export function checkTarget(env: WorkloadEnvironment): RestoreStep {
  return {
    key: 'check-target',
    title: 'Check the place to restore to',
    skip: (run) => run.memory.checked,
    async run(run) {
      const { input, signal } = run;
      const connection = await env.connect(input.accountId);
      await env.repository(input.repositoryId).readPoint(input.pointId, signal);
      const disks = await Promise.all(
        input.disks.map(({ targetId }) => getDisk(connection, targetId, signal)),
      );
      const taken = disks.find((disk) => disk !== null);
      if (taken) throw nameTaken('disk', taken.name);
      if (input.machine) {
        const state = await getVirtualMachineState(connection, input.machine.vmId, signal);
        const { name } = parseResourceId(input.machine.vmId);
        if (input.machine.mode === 'create' && state) throw nameTaken('virtual machine', name);
        if (input.machine.mode === 'replace' && !state) throw machineGone(name);
      }
      run.remember({ checked: true });
    },
  };
}

/** New, empty disks that take an upload. */
export function createDisks(env: WorkloadEnvironment): RestoreStep {
  return {
    key: 'create-disks',
    title: 'Create the new disks',
    async run(run) {
      const { input, signal } = run;
      const connection = await env.connect(input.accountId);
      const resources = env.resources({ sessionId: run.sessionId, accountId: input.accountId });
      for (const disk of input.disks) resources.intend(disk.targetId, 'restored-disk');
      await Promise.all(
        input.disks.map((disk) =>
          createUploadDisk(
            connection,
            {
              diskId: disk.targetId,
              region: input.region,
              zone: input.zone,
              sizeBytes: disk.sizeBytes,
              sku: disk.sku,
              os: disk.os === null ? null : osOf(disk.os),
              tags: restoreTags(env, run, 'restored-disk'),
            },
            signal,
          ),
        ),
      );
    },
  };
}

export function restoreTags(
  env: WorkloadEnvironment,
  run: RestoreRun,
  kind: 'restored-disk' | 'restored-nic' | 'restored-ip' | 'restored-vm',
): Record<string, string> {
  return ownershipTags({ installationId: env.installationId, sessionId: run.sessionId, kind });
}

type OsOfDisk = NonNullable<RestoreRun['input']['disks'][number]['os']>;

function osOf({ type, generation, securityType }: OsOfDisk): OsOfDisk {
  return securityType === undefined ? { type, generation } : { type, generation, securityType };
}

function nameTaken(what: string, name: string): AppError {
  return new AppError('already-exists', {
    message: `There is already a ${what} named ${name}.`,
    hint: 'Choose another name in a new restore plan.',
    details: { name },
  });
}

function machineGone(name: string): AppError {
  return new AppError('not-found', {
    message: `The virtual machine ${name} was deleted after the plan was made.`,
    hint: 'Make a new restore plan: it will offer to create the machine again.',
    details: { name },
  });
}
