import type { AppError } from '../../../core/contract/index.ts';
import type { FileItem } from '../files/index.ts';

/** A list of files of any length, read where it is looked at. */
export interface ListSource {
  /** Changes when it becomes another list; not when it is only sorted anew. */
  readonly key: string;
  /** Lines; 0 while nothing is known. */
  readonly total: number;
  /** True until its first lines are there. */
  readonly pending: boolean;
  readonly error: AppError | null;
  readonly retry: () => void;
  /** The line, when it has been read. */
  readonly itemAt: (index: number) => FileItem | undefined;
  /** Says which lines are in sight. */
  readonly look: (first: number, last: number) => void;
  /** Lines from one to another, both included, wherever they are. */
  readonly read: (first: number, last: number) => Promise<readonly FileItem[]>;
}

/** Lines that are all there; undefined when one of them is missing. */
export function loadedItems(
  source: ListSource,
  first: number,
  last: number,
): readonly FileItem[] | undefined {
  const items: FileItem[] = [];
  for (let index = first; index <= last; index += 1) {
    const item = source.itemAt(index);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}
