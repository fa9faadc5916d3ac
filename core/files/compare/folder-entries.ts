import type { FileEntry } from '../../contract/index.ts';
import type { ComparedPlace } from './compare-places.ts';

const PAGE = 1000;

/** All entries of a folder in the order of their names, folders first, page by page. */
export async function* folderEntries(
  { service, volumeId }: Pick<ComparedPlace, 'service' | 'volumeId'>,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<FileEntry> {
  const query = { volumeId, path, limit: PAGE, order: 'name', descending: false, filter: '' } as const;
  for (let offset = 0; ; offset += PAGE) {
    const { entries, total } = await service.list({ ...query, offset }, signal);
    yield* entries;
    if (offset + PAGE >= total || entries.length === 0) return;
  }
}
