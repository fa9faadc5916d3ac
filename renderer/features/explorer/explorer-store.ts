import { createStore } from 'zustand/vanilla';
import type { FileListQuery } from '../../../core/contract/index.ts';
import { nothingSelected, type Selection } from './selection.ts';

export type FileOrder = FileListQuery['order'];
export type PanelTab = 'preview' | 'properties' | 'versions';

/** One open explorer's memory; what belongs to the place it is at stands in the address instead. */
export interface ExplorerState {
  readonly order: FileOrder;
  readonly descending: boolean;
  readonly panel: PanelTab | null;
  /** Incidental volumes are shown. */
  readonly allVolumes: boolean;
  /** Folders of the tree that are unfolded, by place key. */
  readonly unfolded: ReadonlySet<string>;
  readonly selection: Selection;
  /** The list that the selection is about. */
  readonly selectionOf: string;
  /** The entry that was last opened in a folder, by the folder's place key: going back finds it again. */
  readonly opened: ReadonlyMap<string, string>;
}

export function createExplorerStore() {
  return createStore<ExplorerState>(() => ({
    order: 'name',
    descending: false,
    panel: null,
    allVolumes: false,
    unfolded: new Set(),
    selection: nothingSelected,
    selectionOf: '',
    opened: new Map(),
  }));
}
export type ExplorerStore = ReturnType<typeof createExplorerStore>;

/** A header was pressed: sorts by it, or turns the order over. The marked line is another one afterwards. */
export function sortedBy(state: ExplorerState, order: FileOrder): Partial<ExplorerState> {
  return {
    order,
    descending: state.order === order && !state.descending,
    selection: { ...state.selection, active: null, anchor: null },
  };
}

export function withFolded(state: ExplorerState, key: string, open: boolean): Partial<ExplorerState> {
  const unfolded = new Set(state.unfolded);
  if (open) unfolded.add(key);
  else unfolded.delete(key);
  return { unfolded };
}
