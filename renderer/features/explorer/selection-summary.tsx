import type { FileSizes } from '../../../core/contract/index.ts';
import { formatBytes } from '../../ui/index.ts';
import { knownSizes, type Selection, selectedCount } from './selection.ts';

export interface SelectionSummaryProps {
  readonly selection: Selection;
  readonly total: number;
  /** Entries of the folder, whatever the filter. */
  readonly unfiltered: number;
  /** What the selected folders hold, as far as it is counted. */
  readonly sizes: FileSizes | undefined;
}

/** How many lines there are and how many are selected; read out when it changes. */
export function SelectionSummary(props: SelectionSummaryProps) {
  const { sizes } = props;
  const counting = sizes?.state === 'counting';
  return (
    <>
      <span role="status">{summary(props)}</span>
      {counting && <span aria-hidden="true">{`, counting… ${sizesText(sizes)}`}</span>}
    </>
  );
}

/** Without what is only being counted: it would be read out again and again. */
export function summary({ selection, total, unfiltered, sizes }: SelectionSummaryProps): string {
  const count = selectedCount(selection, total);
  const items =
    total === unfiltered ? counted(total, 'item') : `${figure(total)} of ${counted(unfiltered, 'item')}`;
  if (count === 0) return items;
  const known = knownSizes(selection);
  const selected = `${figure(count)} of ${items} selected`;
  if (known === null) return selected;
  if (known.folders === 0) return `${selected}, ${formatBytes(known.bytes)}`;
  if (sizes === undefined || sizes.state === 'counting')
    return `${selected}, ${counted(known.folders, 'folder')}`;
  return `${selected}, ${sizesText(sizes)}${sizes.state === 'failed' ? ' or more: not everything could be counted' : ''}`;
}

function sizesText({ files, bytes }: FileSizes): string {
  return `${formatBytes(bytes)} in ${counted(files, 'file')}`;
}

function counted(count: number, noun: string): string {
  return `${figure(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function figure(count: number): string {
  return count.toLocaleString('en');
}
