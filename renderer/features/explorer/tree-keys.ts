import type { TreeRow } from './use-tree-rows.ts';

/** What a key of a tree does beside moving line by line: folds the line, or goes to another one. Null: nothing. */
export function rowAfterKey(
  key: string,
  rows: readonly TreeRow[],
  active: number,
): number | 'fold' | 'unfold' | null {
  const row = rows[active];
  if (row === undefined) return null;
  if (key === 'ArrowRight') {
    if (row.kind !== 'folder') return null;
    if (!row.open) return 'unfold';
    return rows[active + 1]?.level === row.level + 1 ? active + 1 : null;
  }
  if (key === 'ArrowLeft') {
    if (row.open) return 'fold';
    const parent = rows.findLastIndex(({ level }, index) => index < active && level < row.level);
    return parent === -1 ? null : parent;
  }
  return [...key].length === 1 && key !== ' ' ? startingWith(key, rows, active) : null;
}

/** The next folder whose name begins with a sign, going round. */
function startingWith(sign: string, rows: readonly TreeRow[], active: number): number | null {
  const begins = ({ name }: TreeRow) => name.toLowerCase().startsWith(sign.toLowerCase());
  const after = rows.findIndex((row, index) => index > active && begins(row));
  const found = after === -1 ? rows.findIndex(begins) : after;
  return found === -1 ? null : found;
}
