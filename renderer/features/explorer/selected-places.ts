import type { FilePlace } from '../../../core/contract/index.ts';
import { type FileItem, placeOf } from '../files/index.ts';
import type { ListSource } from './list-source.ts';
import { isSelected, type Selection, selectedCount } from './selection.ts';

/** How many items one download or restore may name; folders count as one. */
export const mostPlaces = 10_000;

/** What an action is about: the places, and what is known of them for showing. */
export interface ActionItems {
  readonly places: readonly FilePlace[];
  /** What stands for them in a title: one item's name, or null. */
  readonly single: Pick<FileItem, 'name' | 'kind' | 'sizeBytes'> | null;
}

/**
 * What an action on a selection is about. Nothing selected means the open folder. A folder with more entries than can
 * be named, all of them selected, is taken as that folder. Null: too many are selected to be named.
 */
export async function actionItems(
  selection: Selection,
  source: ListSource,
  folder: FilePlace & { readonly name: string; readonly filtered: boolean },
): Promise<ActionItems | null> {
  const count = selectedCount(selection, source.total);
  const whole: ActionItems = {
    places: [placeOf(folder)],
    single: { name: folder.name, kind: 'directory', sizeBytes: 0 },
  };
  if (count === 0) return whole;
  if (count > mostPlaces)
    return selection.inverted && selection.items.size === 0 && !folder.filtered ? whole : null;
  const items = selection.inverted
    ? (await source.read(0, source.total - 1)).filter((item) => isSelected(selection, item))
    : [...selection.items.values()];
  const [first] = items;
  return { places: items.map(placeOf), single: items.length === 1 && first !== undefined ? first : null };
}
