import type { KeyboardEvent, MouseEvent } from 'react';
import type { FileItem } from '../files/index.ts';
import type { FileGridProps } from './file-grid.tsx';
import { isTyped, lineAfterKey } from './list-keys.ts';
import type { ListSource } from './list-source.ts';
import { selectedCount } from './selection.ts';
import type { SelectionControl } from './use-selection.ts';

type GridInput = Pick<FileGridProps, 'source' | 'control' | 'onMenu' | 'onOpen' | 'onType'>;

/** Does what a key asks for; false when it asks for nothing here. */
export function pressedKey(event: KeyboardEvent, props: GridInput, page: number): boolean {
  const { source, control } = props;
  const { active } = control.selection;
  const command = event.ctrlKey || event.metaKey;
  if (event.altKey) return false;
  const to = lineAfterKey(event.key, { active, total: source.total, page });
  if (to !== null) {
    if (event.shiftKey) control.upTo(to);
    else if (command) control.mark(to);
    else control.only(to);
    return true;
  }
  if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
    props.onMenu(placeOfActive(event.currentTarget));
    return true;
  }
  if (event.key === ' ' && active !== null) {
    control.toggle(active);
    return true;
  }
  if (event.key === 'Enter' && active !== null) {
    const item = source.itemAt(active);
    if (item !== undefined) props.onOpen(item);
    return true;
  }
  if (command && event.key.toLowerCase() === 'a') {
    control.all();
    return true;
  }
  if (event.key === 'Escape' && selectedCount(control.selection, source.total) > 0) {
    control.none();
    return true;
  }
  if (!isTyped(event)) return false;
  props.onType(event.key);
  return true;
}

/** A press on a line selects it; on its box, or with Ctrl or Cmd, turns it over; with Shift, up to it. */
export function clickedLine(event: MouseEvent, control: SelectionControl): void {
  const index = indexUnder(event);
  if (index === null) return;
  const onBox = event.target instanceof Element && event.target.closest('[data-box]') !== null;
  if (event.shiftKey) control.upTo(index);
  else if (onBox || event.ctrlKey || event.metaKey) control.toggle(index);
  else control.only(index);
}

export function indexUnder(event: MouseEvent): number | null {
  const row = event.target instanceof Element ? event.target.closest('[data-index]') : null;
  return row === null ? null : Number(row.getAttribute('data-index'));
}

export function itemUnder(event: MouseEvent, source: ListSource): FileItem | undefined {
  const index = indexUnder(event);
  return index === null ? undefined : source.itemAt(index);
}

function placeOfActive(grid: Element): { x: number; y: number } {
  const { left, bottom } = (grid.querySelector('[data-active="true"]') ?? grid).getBoundingClientRect();
  return { x: left + 60, y: bottom };
}
