import { useEffect, useRef } from 'react';
import type { FilePlace } from '../../../core/contract/index.ts';
import { placeKey } from '../files/index.ts';
import type { ExplorerStore } from './explorer-store.ts';
import { type ListSource, loadedItems } from './list-source.ts';
import type { SelectionControl } from './use-selection.ts';

const blockLines = 1000;

export interface ShownEntryProps {
  readonly source: ListSource;
  readonly control: SelectionControl;
  readonly store: ExplorerStore;
  readonly place: FilePlace;
  /** The path that the address wants selected. */
  readonly select: string | undefined;
}

/** Selects, in a folder that has just been opened, the entry the operator came from or was sent to. */
export function useShownEntry({ source, control, store, place, select }: ShownEntryProps): void {
  const done = useRef('');
  const wanted = select ?? store.getState().opened.get(placeKey(place));
  const turn = `${source.key}\n${select ?? ''}`;
  useEffect(() => {
    if (source.pending || source.total === 0 || done.current === turn) return;
    done.current = turn;
    if (wanted === undefined || control.selection.active !== null) return;
    void indexOf(source, wanted).then((index) => {
      if (index !== null && done.current === turn) control.only(index);
    });
  });
}

async function indexOf(source: ListSource, path: string): Promise<number | null> {
  for (let first = 0; first < source.total; first += blockLines) {
    const last = Math.min(source.total, first + blockLines) - 1;
    const items = loadedItems(source, first, last) ?? (await source.read(first, last).catch(() => []));
    const found = items.findIndex((item) => item.path === path);
    if (found !== -1) return first + found;
  }
  return null;
}
