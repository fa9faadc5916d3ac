import { AppError, type ParsedInput, type Session } from '../contract/index.ts';
import { resourceKey } from '../db/index.ts';
import type { OrchestratorContext } from './context.ts';
import type { RepositoryService } from './repositories/index.ts';
import type { SessionRunner } from './sessions/index.ts';

export interface BackupService {
  /** Throws what is known to be wrong before a session is made. */
  start(input: ParsedInput<'backup.start'>): Session;
}

export function createBackupService(deps: {
  readonly context: OrchestratorContext;
  readonly repositories: RepositoryService;
  readonly sessions: SessionRunner;
}): BackupService {
  const { database } = deps.context;
  return {
    start({ resourceId, repositoryId }) {
      const machine = database.machines.find(resourceId);
      if (!machine) throw unknownMachine();
      if (machine.refusal !== null) throw refused(machine.name, machine.refusal);
      const repository = deps.repositories.get(repositoryId);
      if (repository.state === 'read-only') throw readOnly(repository.name);
      return deps.sessions.start({
        kind: 'backup',
        title: `Back up ${machine.name}`,
        input: {
          workload: 'azure-vm',
          accountId: machine.accountId,
          repositoryId,
          resourceId: machine.resourceId,
          resourceName: machine.name,
        },
        exclusiveKey: `vm|${resourceKey(machine.resourceId)}`,
        busyMessage: `${machine.name} is being backed up or restored already.`,
        resourceId: machine.resourceId,
        resourceName: machine.name,
        repositoryId,
      });
    },
  };
}

function unknownMachine(): AppError {
  return new AppError('not-found', {
    message: 'There is no such virtual machine in the list.',
    hint: 'Synchronize, and check that an account sees its subscription.',
  });
}

function refused(name: string, refusal: string): AppError {
  return new AppError('not-supported', {
    message: `${name} cannot be backed up. ${refusal}`,
    hint: 'Convert its disks to managed disks of a supported kind, or protect it inside the guest.',
    details: { machine: name },
  });
}

function readOnly(name: string): AppError {
  return new AppError('read-only', {
    message: `The repository "${name}" belongs to another installation and is attached read-only.`,
    hint: 'Choose another repository, or take this one over.',
  });
}
