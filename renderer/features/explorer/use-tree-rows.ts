import type { ProcedureInput } from '../../../core/contract/index.ts';
import { useProcedures } from '../../api/index.ts';
import { nameOf, placeKey } from '../files/index.ts';

/** Folders of one folder that the tree shows; there may be more, which the list beside it has. */
const mostFolders = 1000;

export interface TreeRow {
  readonly path: string;
  readonly name: string;
  /** The volume's root is 1. */
  readonly level: number;
  readonly open: boolean;
  /** `more`: stands for folders that are not shown. */
  readonly kind: 'folder' | 'loading' | 'more' | 'failed';
}

/** The tree's lines from top to bottom. Folders are read when they are unfolded. */
export function useTreeRows(
  sessionId: string,
  volumeId: string,
  unfolded: ReadonlySet<string>,
): readonly TreeRow[] {
  const open = [...unfolded]
    .filter((key) => key.startsWith(`${volumeId}\n`))
    .map((key) => key.slice(volumeId.length + 1));
  const answers = useProcedures(
    'files.list',
    open.map(
      (path): ProcedureInput<'files.list'> => ({
        sessionId,
        volumeId,
        path,
        order: 'name',
        limit: mostFolders,
      }),
    ),
  );
  const byPath = new Map(open.map((path, index) => [path, answers[index]]));
  const rows: TreeRow[] = [];
  const add = (path: string, level: number) => {
    const isOpen = unfolded.has(placeKey({ volumeId, path }));
    rows.push({ path, name: nameOf(path), level, open: isOpen, kind: 'folder' });
    if (!isOpen) return;
    const answer = byPath.get(path);
    const line = (kind: TreeRow['kind'], name: string) =>
      rows.push({ path: `${path}\n${kind}`, name, level: level + 1, open: false, kind });
    if (answer?.data === undefined) {
      line(answer?.error == null ? 'loading' : 'failed', answer?.error?.message ?? 'Reading…');
      return;
    }
    const folders = answer.data.entries.filter(({ kind }) => kind === 'directory');
    for (const folder of folders) add(folder.path, level + 1);
    if (folders.length === mostFolders) line('more', 'More folders are in the list');
  };
  add('/', 1);
  return rows;
}
