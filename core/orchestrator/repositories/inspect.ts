import { type BlobFolder, type Connection, containerExists, openBlobStore } from '../../azure/index.ts';
import { AppError, type FolderInspection } from '../../contract/index.ts';
import { inspectRepository } from '../../engine/index.ts';

/** What is in a folder, for the wizard. Needs no password and writes nothing. */
export async function inspectFolder(
  connection: Connection,
  folder: BlobFolder,
  own: { readonly installationId: string; readonly signal: AbortSignal },
): Promise<FolderInspection> {
  if (!(await containerExists(connection, folder.account, folder.container, own.signal)))
    return { state: 'no-container' };
  const found = await inspectRepository(openBlobStore(connection, folder, connection.options), own.signal);
  if (found.state === 'empty') return { state: 'empty' };
  if (found.state === 'foreign') return { state: 'other-data', sample: [found.example] };
  const { owner, header } = found;
  return {
    state: 'repository',
    repositoryId: header.id,
    encrypted: header.encrypted,
    ours: owner?.installationId === own.installationId,
    owner: owner
      ? { installationId: owner.installationId, name: owner.displayName, since: owner.since }
      : null,
  };
}

export function foreignFolder(folder: BlobFolder, example: string): AppError {
  const place = folder.folder === '' ? folder.container : `${folder.container}/${folder.folder}`;
  return new AppError('repository-foreign', {
    message: `The folder ${place} holds something else (for example "${example}"), not a repository.`,
    hint: 'Choose an empty folder or a folder with a repository; nothing was written.',
    details: { example },
  });
}
