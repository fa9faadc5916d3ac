import { AppError, type ParsedInput } from '../../contract/index.ts';
import { type RepositoryRecord, resourceKey } from '../../db/index.ts';
import { newId } from '../../domain/index.ts';
import type { OrchestratorContext } from '../context.ts';
import type { SessionRunner } from '../sessions/index.ts';
import { accountFor } from './storage-accounts.ts';

/** Starts the session that adds a repository; its password waits in the host's secret store. Answers the session's id. */
export async function startAdding(
  context: OrchestratorContext,
  sessions: SessionRunner,
  input: ParsedInput<'repository.add'>,
): Promise<string> {
  const { database, host } = context;
  const taken = database.repositories.findByPlace(input);
  if (taken) throw placeTaken(taken);
  const sessionId = newId(host.random);
  const { encryption, ...place } = input;
  const accountId = accountFor(context, input);
  const passwordKey = encryption.kind === 'password' ? `session/${sessionId}` : null;
  if (encryption.kind === 'password') await host.secrets.set(`session/${sessionId}`, encryption.password);
  try {
    sessions.start({
      sessionId,
      kind: 'repository',
      title: `Add repository ${input.name}`,
      exclusiveKey: `repository|${resourceKey(input.storageAccountId)}|${input.container}|${input.folder}`,
      busyMessage: 'A repository in this folder is being added already.',
      input: { ...place, accountId, passwordKey, repositoryId: newId(host.random) },
    });
    return sessionId;
  } catch (error) {
    if (passwordKey !== null) await host.secrets.delete(passwordKey);
    throw error;
  }
}

function placeTaken(other: RepositoryRecord): AppError {
  return new AppError('already-exists', {
    message: `This folder is here already as the repository "${other.name}".`,
    hint: 'Use that repository, or choose another folder.',
    details: { repositoryId: other.id },
  });
}
