import { type FileItem, placeKey } from '../files/index.ts';

/** Which lines of a list are selected. Everything can be selected without having been read: then `items` are the exceptions. */
export interface Selection {
  readonly inverted: boolean;
  readonly items: ReadonlyMap<string, FileItem>;
  /** The line with the keyboard's mark, and where a range began. */
  readonly active: number | null;
  readonly anchor: number | null;
  /** What stands on the line with the mark. */
  readonly activeItem: FileItem | null;
}

export const nothingSelected: Selection = {
  inverted: false,
  items: new Map(),
  active: null,
  anchor: null,
  activeItem: null,
};

export const everythingSelected: Pick<Selection, 'inverted' | 'items'> = { inverted: true, items: new Map() };

export function isSelected(selection: Selection, item: FileItem): boolean {
  return selection.inverted !== selection.items.has(placeKey(item));
}

export function selectedCount({ inverted, items }: Selection, total: number): number {
  return inverted ? Math.max(0, total - items.size) : items.size;
}

export function selectionOf(items: readonly FileItem[]): Pick<Selection, 'inverted' | 'items'> {
  return { inverted: false, items: new Map(items.map((item) => [placeKey(item), item])) };
}

/** Turns one line over, whatever the others are. */
export function withToggled(selection: Selection, item: FileItem, index: number): Selection {
  const items = new Map(selection.items);
  const key = placeKey(item);
  if (!items.delete(key)) items.set(key, item);
  return { ...selection, items, active: index, anchor: index, activeItem: item };
}

/** `3 of 214 selected, 1.2 MiB in files`-figures: null where the selection was never read as a whole. */
export function knownSizes({
  inverted,
  items,
}: Selection): { readonly bytes: number; readonly folders: number } | null {
  if (inverted) return null;
  const all = [...items.values()];
  return {
    bytes: all.reduce((sum, { kind, sizeBytes }) => sum + (kind === 'file' ? sizeBytes : 0), 0),
    folders: all.filter(({ kind }) => kind === 'directory').length,
  };
}
