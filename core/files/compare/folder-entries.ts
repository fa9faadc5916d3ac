import { AppError, type FileEntry } from '../../contract/index.ts';
import type { ComparedPlace } from './compare-places.ts';

const PAGE = 1000;

/**
 * All entries of a folder in the order of their names, folders first, page by page. Of a folder that cannot be read as
 * a whole `onProblem` decides; without it that throws `damaged`, because what is missing must not look like deleted.
 */
export async function* folderEntries(
  { service, volumeId }: Pick<ComparedPlace, 'service' | 'volumeId'>,
  path: string,
  signal: AbortSignal,
  onProblem: (problem: string) => void = refuse,
): AsyncGenerator<FileEntry> {
  const query = { volumeId, path, limit: PAGE, order: 'name', descending: false, filter: '' } as const;
  for (let offset = 0; ; offset += PAGE) {
    const { entries, total, problem } = await service.list({ ...query, offset }, signal);
    if (problem !== null && offset === 0) onProblem(problem);
    yield* entries;
    if (offset + PAGE >= total || entries.length === 0) return;
  }
}

function refuse(problem: string): never {
  throw new AppError('damaged', {
    message: problem,
    hint: 'What can be read of the folder is listed; single files of it can be taken out.',
  });
}
