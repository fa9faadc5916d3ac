import { resourceIdSchema } from '../../../contract/index.ts';
import type { WorkloadEnvironment } from '../../environment.ts';
import type { Program } from '../../session-program.ts';
import { checkTarget, createDisks } from './create-disks.ts';
import { createInterfaces, createMachine } from './create-machine.ts';
import { replaceDisks, startMachine, stopMachine, undoReplacement } from './replace-disks.ts';
import {
  type RestoreInput,
  type RestoreMemory,
  type RestoreRun,
  type RestoreStep,
  restoreInputSchema,
  restoreMemorySchema,
} from './state.ts';
import { endAccess, removeWorkers, verifyDisks, writeData } from './write-data.ts';

export { planRestore } from './plan.ts';
export type { RestoreInput } from './state.ts';

/** The restore of disks, of a new machine, or of the original machine from one restore point. */
export function restoreProgram(env: WorkloadEnvironment): Program<RestoreInput, RestoreMemory> {
  return {
    kind: 'restore',
    workload: 'azure-vm',
    inputSchema: restoreInputSchema,
    memorySchema: restoreMemorySchema,
    steps: (input) => [
      checkTarget(env),
      createDisks(env),
      writeData(env),
      verifyDisks(env),
      ...machineSteps(env, input),
      finish(env),
    ],
    async cleanUp(run) {
      const { sessionId, input } = run;
      await removeWorkers(env, run);
      await undoReplacement(env, run);
      await endAccess(env, run, run.signal);
      await env.resources({ sessionId, accountId: input.accountId }).removeAll(run.signal);
    },
    result: (run) => ({
      kind: 'restore',
      vmId: run.input.machine === null ? null : resourceIdSchema.parse(run.input.machine.vmId),
      disks: run.input.disks.map((disk) => diskResult(run, disk)),
      replacedDisks: run.memory.replaced ?? [],
    }),
  };
}

function machineSteps(env: WorkloadEnvironment, input: RestoreInput): RestoreStep[] {
  if (input.machine === null) return [];
  return input.machine.mode === 'create'
    ? [createInterfaces(env), createMachine(env)]
    : [stopMachine(env), replaceDisks(env), startMachine(env)];
}

/** From here on everything that was made stays. */
function finish(env: WorkloadEnvironment): RestoreStep {
  return {
    key: 'finish',
    title: 'Finish',
    async run(run) {
      const resources = env.resources({ sessionId: run.sessionId, accountId: run.input.accountId });
      for (const { targetId } of run.input.disks) resources.keep(targetId);
      run.remember({ finished: true });
    },
  };
}

function diskResult(run: RestoreRun, disk: RestoreInput['disks'][number]) {
  return {
    index: disk.index,
    name: disk.targetId.split('/').at(-1) ?? disk.name,
    resourceId: disk.targetId,
    sizeBytes: disk.sizeBytes,
    writtenBytes: run.memory.written?.find(({ index }) => index === disk.index)?.writtenBytes ?? 0,
    verified: run.memory.verified,
  };
}
