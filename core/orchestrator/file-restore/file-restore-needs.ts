import type { Connection } from '../../azure/index.ts';
import { AppError } from '../../contract/index.ts';
import type { OrchestratorContext } from '../context.ts';
import { type FileRoadOpeners, openPointDirectly, recordTaken } from '../files/index.ts';
import { workerLedger } from '../resources.ts';
import type { FileRestoreProgramDeps } from './file-restore-program.ts';
import { ensureStaging, findStaging } from './staging-place.ts';

/** What the program needs of core, from the parts that core is made of. */
export function fileRestoreNeeds(parts: {
  readonly context: OrchestratorContext;
  readonly openers: FileRoadOpeners;
  connect(accountId: string): Promise<Connection>;
}): FileRestoreProgramDeps {
  const { context, connect } = parts;
  const { database, installationId, host } = context;
  return {
    connect,
    async openPoint(pointId, signal) {
      const point = database.points.find(pointId);
      if (point === null)
        throw new AppError('not-found', {
          message: 'There is no such restore point any more.',
          hint: 'Choose another restore point.',
        });
      return { point, ...(await openPointDirectly(parts, point, signal)) };
    },
    async staging(run, signal) {
      const connection = await connect(run.input.accountId);
      const ledger = workerLedger(database);
      return ensureStaging({ connection, installationId, ledger, ...run }, signal);
    },
    async findStaging(run, signal) {
      return findStaging({ connection: await connect(run.input.accountId), installationId, ...run }, signal);
    },
    record: (point, occasion, parts) =>
      recordTaken(context, { ...occasion, point, by: host.operator }, parts),
  };
}
