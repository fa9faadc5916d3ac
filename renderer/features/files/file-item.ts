import type { FileEntry, FilePlace, FileSearchResult } from '../../../core/contract/index.ts';
import { nameOf } from './file-path.ts';

/** A line of a list of files: an entry of a folder, or a hit of a search, which knows less of itself. */
export interface FileItem extends FilePlace, Pick<FileEntry, 'name' | 'kind' | 'sizeBytes' | 'modified'> {
  readonly entry: FileEntry | null;
}

export function itemOfEntry(volumeId: string, entry: FileEntry): FileItem {
  const { path, name, kind, sizeBytes, modified } = entry;
  return { volumeId, path, name, kind, sizeBytes, modified, entry };
}

export function itemOfHit(hit: FileSearchResult['hits'][number]): FileItem {
  return { ...hit, name: nameOf(hit.path), entry: null };
}

export function placeOf({ volumeId, path }: FilePlace): FilePlace {
  return { volumeId, path };
}
