import { createIncrementalSnapshot, ownershipTags } from '../../../azure/index.ts';
import type { WorkloadEnvironment } from '../../environment.ts';
import type { BackupStep } from './state.ts';

/** Takes an incremental snapshot of every disk, all at once, and waits until they can be read. */
export function snapshotDisks(env: WorkloadEnvironment): BackupStep {
  return {
    key: 'snapshot-disks',
    title: 'Take snapshots of the disks',
    async run(run) {
      const { disks, configuration } = run.memory;
      const region = configuration?.summary.region ?? '';
      const connection = await env.connect(run.input.accountId);
      const resources = env.resources({ sessionId: run.sessionId, accountId: run.input.accountId });
      for (const disk of disks) resources.intend(disk.snapshotId, 'snapshot');
      const tags = ownershipTags({
        installationId: env.installationId,
        sessionId: run.sessionId,
        kind: 'snapshot',
      });
      const snapshots = await Promise.all(
        disks.map((disk) =>
          createIncrementalSnapshot(
            connection,
            { snapshotId: disk.snapshotId, diskId: disk.diskId, region, tags },
            run.signal,
          ),
        ),
      );
      const first = Math.min(...snapshots.map(({ createdAt }) => createdAt));
      run.remember({
        takenAt: new Date(first).toISOString(),
        disks: disks.map((disk, position) => ({
          ...disk,
          sizeBytes: snapshots[position]?.sizeBytes ?? disk.sizeBytes,
          uniqueId: snapshots[position]?.sourceUniqueId ?? disk.uniqueId,
        })),
      });
      run.log('info', disks.length === 1 ? 'The snapshot is ready.' : `${disks.length} snapshots are ready.`);
    },
  };
}
