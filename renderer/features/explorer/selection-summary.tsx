import { formatBytes } from '../../ui/index.ts';
import { knownSizes, type Selection, selectedCount } from './selection.ts';

export interface SelectionSummaryProps {
  readonly selection: Selection;
  readonly total: number;
  /** Entries of the folder, whatever the filter. */
  readonly unfiltered: number;
}

/** How many lines there are and how many are selected; read out when it changes. */
export function SelectionSummary({ selection, total, unfiltered }: SelectionSummaryProps) {
  return <span role="status">{summary({ selection, total, unfiltered })}</span>;
}

export function summary({ selection, total, unfiltered }: SelectionSummaryProps): string {
  const count = selectedCount(selection, total);
  const items =
    total === unfiltered ? counted(total, 'item') : `${figure(total)} of ${counted(unfiltered, 'item')}`;
  if (count === 0) return items;
  const sizes = knownSizes(selection);
  const selected = `${figure(count)} of ${items} selected`;
  if (sizes === null) return selected;
  if (sizes.folders === count) return `${selected}, ${counted(sizes.folders, 'folder')}`;
  const files = formatBytes(sizes.bytes);
  return sizes.folders === 0
    ? `${selected}, ${files}`
    : `${selected}, ${files} and ${counted(sizes.folders, 'folder')}`;
}

function counted(count: number, noun: string): string {
  return `${figure(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function figure(count: number): string {
  return count.toLocaleString('en');
}
