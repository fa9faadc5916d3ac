import type { WorkloadEnvironment } from '../../environment.ts';
import type { Program } from '../../session-program.ts';
import { checkMachine } from './check-machine.ts';
import { compareWithLastPoint } from './compare.ts';
import { moveData, revokeAll, workerPlace } from './move-data.ts';
import { recordPoint, removeOldSnapshots } from './record-point.ts';
import { snapshotDisks } from './snapshot-disks.ts';
import { type BackupInput, type BackupMemory, backupInputSchema, backupMemorySchema } from './state.ts';

export type { BackupInput } from './state.ts';

/** The backup of one Azure virtual machine, all its disks, into one repository. */
export function backupProgram(env: WorkloadEnvironment): Program<BackupInput, BackupMemory> {
  return {
    kind: 'backup',
    workload: 'azure-vm',
    inputSchema: backupInputSchema,
    memorySchema: backupMemorySchema,
    steps: () => [
      checkMachine(env),
      snapshotDisks(env),
      compareWithLastPoint(env),
      moveData(env),
      recordPoint(env),
      removeOldSnapshots(env),
    ],
    async cleanUp(run) {
      const { sessionId, input } = run;
      if (run.memory.begun) await env.removeWorker(workerPlace(run), run.signal);
      await revokeAll(env, run, run.signal);
      await env.resources({ sessionId, accountId: input.accountId }).removeAll(run.signal);
    },
    result: (run) => ({ kind: 'backup', pointId: run.memory.written?.pointId ?? '' }),
  };
}
