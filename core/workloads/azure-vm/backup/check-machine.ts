import { getVirtualMachineConfiguration } from '../../../azure/index.ts';
import { AppError } from '../../../contract/index.ts';
import type { RepositoryAccess, WorkloadEnvironment } from '../../environment.ts';
import { type SavedConfiguration, savedConfigurationSchema } from '../document.ts';
import { snapshotIdFor } from '../names.ts';
import { configurationRefusal } from '../refusal.ts';
import type { BackupRun, BackupStep, RememberedDisk } from './state.ts';

/** Reads the machine as it is now and refuses early what cannot be backed up. */
export function checkMachine(env: WorkloadEnvironment): BackupStep {
  return {
    key: 'check-machine',
    title: 'Read the configuration of the virtual machine',
    async run(run) {
      const repository = env.repository(run.input.repositoryId);
      refuseUnwritable(repository);
      await repository.proveOwner(run.signal);
      const connection = await env.connect(run.input.accountId);
      const configuration = savedConfigurationSchema.parse(await readConfiguration(connection, run));
      const refusal = configurationRefusal(configuration);
      if (refusal !== null) throw refused(configuration.summary.name, refusal);
      run.remember({ configuration, disks: disksOf(configuration, run.sessionId) });
      run.log('info', `${configuration.summary.name} has ${diskCount(configuration.summary.disks.length)}.`);
    },
  };
}

async function readConfiguration(
  connection: Parameters<typeof getVirtualMachineConfiguration>[0],
  run: BackupRun,
): Promise<unknown> {
  try {
    return await getVirtualMachineConfiguration(connection, run.input.resourceId, run.signal);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not-found') throw error;
    throw new AppError('not-found', {
      message: `The virtual machine ${run.input.resourceName} does not exist in Azure any more.`,
      hint: 'Synchronize to update the list; its restore points stay and can be restored.',
      details: error.details,
      cause: error,
    });
  }
}

function refuseUnwritable(repository: RepositoryAccess): void {
  if (repository.state !== 'read-only') return;
  throw new AppError('read-only', {
    message: `The repository "${repository.name}" belongs to another installation and is attached read-only.`,
    hint: 'Choose another repository, or take this one over.',
    details: { repositoryId: repository.id },
  });
}

function refused(name: string, reason: string): AppError {
  return new AppError('not-supported', {
    message: `${name} cannot be backed up. ${reason}`,
    hint: 'Convert its disks to managed disks of a supported kind, or protect it inside the guest.',
    details: { machine: name },
  });
}

/** The OS disk first, then by LUN: the order of the restore point. */
function disksOf(configuration: SavedConfiguration, sessionId: string): RememberedDisk[] {
  return [...configuration.summary.disks]
    .sort((a, b) => Number(b.os) - Number(a.os) || (a.lun ?? -1) - (b.lun ?? -1))
    .map((disk, index) => {
      const diskId = disk.resourceId ?? '';
      return {
        index,
        name: disk.name,
        lun: disk.lun,
        os: disk.os,
        sizeBytes: disk.sizeBytes,
        sku: disk.sku,
        diskId,
        uniqueId: disk.uniqueId,
        snapshotId: snapshotIdFor(sessionId, diskId),
        baseId: null,
      };
    });
}

function diskCount(count: number): string {
  return count === 1 ? 'one disk' : `${count} disks`;
}
