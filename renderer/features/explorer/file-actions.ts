/** What can be done with what is selected, in the order of the menu. */
export const fileActions = [
  'open',
  'preview',
  'properties',
  'versions',
  'compare',
  'download',
  'restore',
  'copy-path',
] as const;
export type FileAction = (typeof fileActions)[number];

export interface ActionTarget {
  /** Selected lines; 0 means the open folder, unless a search is shown. */
  readonly count: number;
  readonly searching: boolean;
  readonly kind: 'file' | 'directory' | 'other' | null;
}

/** Why an action is not for this selection now; null when it is. */
export function actionRefusal(action: FileAction, { count, kind, searching }: ActionTarget): string | null {
  if (count === 0 && searching) return 'Select what was found first.';
  switch (action) {
    case 'open':
      return count === 1 ? null : 'Select one item to open it.';
    case 'preview':
      return count === 1 && kind === 'file' ? null : 'Select one file to see its beginning.';
    case 'properties':
    case 'versions':
      return count <= 1 ? null : 'Select one item.';
    case 'compare':
      return count === 2
        ? null
        : 'Select two items to compare them; to compare with another time, open the versions.';
    case 'download':
    case 'restore':
    case 'copy-path':
      return null;
  }
}
