import { useRef } from 'react';
import { useStore } from 'zustand';
import type { FileItem } from '../files/index.ts';
import type { ExplorerStore } from './explorer-store.ts';
import { type ListSource, loadedItems } from './list-source.ts';
import {
  everythingSelected,
  nothingSelected,
  type Selection,
  selectionOf,
  withToggled,
} from './selection.ts';

export interface SelectionControl {
  readonly selection: Selection;
  /** Selects one line and nothing else. */
  only(index: number): void;
  /** Selects from where the range began to a line. */
  upTo(index: number): void;
  toggle(index: number): void;
  /** Moves the keyboard's mark and selects nothing. */
  mark(index: number): void;
  all(): void;
  none(): void;
}

/** The selection in a list, kept with the explorer until another list is open. */
export function useSelection(store: ExplorerStore, source: ListSource): SelectionControl {
  const kept = useStore(store, ({ selection }) => selection);
  const keptOf = useStore(store, (state) => state.selectionOf);
  const selection = keptOf === source.key ? kept : nothingSelected;
  const turn = useRef(0);
  const set = (next: Selection) => store.setState({ selection: next, selectionOf: source.key });

  /** Lines that were never scrolled to must be read first; a later action makes this one void. */
  const withItems = (first: number, last: number, use: (items: readonly FileItem[]) => void) => {
    turn.current += 1;
    const mine = turn.current;
    const loaded = loadedItems(source, first, last);
    if (loaded !== undefined) return use(loaded);
    source.read(first, last).then(
      (items) => mine === turn.current && use(items),
      () => undefined,
    );
  };

  return {
    selection,
    only: (index) => {
      set({ ...nothingSelected, active: index, anchor: index });
      withItems(index, index, ([item]) => {
        if (item !== undefined)
          set({ ...selectionOf([item]), active: index, anchor: index, activeItem: item });
      });
    },
    upTo: (index) => {
      const anchor = selection.anchor ?? index;
      set({ ...selection, active: index, anchor });
      withItems(Math.min(anchor, index), Math.max(anchor, index), (items) => {
        const activeItem = (index < anchor ? items[0] : items.at(-1)) ?? null;
        set({ ...selectionOf(items), active: index, anchor, activeItem });
      });
    },
    toggle: (index) =>
      withItems(index, index, ([item]) => item !== undefined && set(withToggled(selection, item, index))),
    mark: (index) => {
      set({ ...selection, active: index, anchor: index, activeItem: source.itemAt(index) ?? null });
    },
    all: () => set({ ...selection, ...everythingSelected }),
    none: () => set(nothingSelected),
  };
}
