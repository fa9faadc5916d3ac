import { Input } from '@fluentui/react-components';
import { useId } from 'react';
import type { FileKind } from '../../../core/contract/index.ts';
import { FilterChoice } from '../../ui/index.ts';
import { kindWords } from '../files/index.ts';
import type { ExplorerLocation } from './explorer-location.ts';
import styles from './search-filters.module.css';

const scopes = { folder: 'This folder', volume: 'This volume', all: 'All volumes' } as const;
const sizes: Record<NonNullable<ExplorerLocation['size']>, string> = {
  empty: 'Empty',
  small: 'Up to 1 MiB',
  medium: '1 to 100 MiB',
  large: '100 MiB to 1 GiB',
  huge: 'Over 1 GiB',
};
const kinds: Partial<Record<FileKind, string>> = {
  file: `${kindWords.file}s`,
  directory: `${kindWords.directory}s`,
  symlink: `${kindWords.symlink}s`,
};

export interface SearchFiltersProps {
  readonly location: ExplorerLocation;
  readonly onChange: (changes: Partial<ExplorerLocation>) => void;
}

/** What narrows a search beside its text. */
export function SearchFilters({ location, onChange }: SearchFiltersProps) {
  return (
    <search className={styles.filters}>
      <FilterChoice
        minWidth={124}
        label="Where to search"
        all="This volume"
        choices={{ folder: scopes.folder, all: scopes.all }}
        value={location.within === 'volume' ? undefined : location.within}
        onChange={(within) => onChange({ within })}
      />
      <FilterChoice
        minWidth={124}
        label="Kind"
        all="Any kind"
        choices={kinds as Record<FileKind, string>}
        value={location.kind}
        onChange={(kind) => onChange({ kind })}
      />
      <FilterChoice
        minWidth={124}
        label="Size"
        all="Any size"
        choices={sizes}
        value={location.size}
        onChange={(size) => onChange({ size })}
      />
      <DateField label="Modified from" value={location.from} onChange={(from) => onChange({ from })} />
      <DateField label="to" value={location.to} onChange={(to) => onChange({ to })} />
    </search>
  );
}

interface DateFieldProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

function DateField({ label, value, onChange }: DateFieldProps) {
  const id = useId();
  return (
    <span className={styles.date}>
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        type="date"
        value={value ?? ''}
        onChange={(_, data) => onChange(data.value === '' ? undefined : data.value)}
      />
    </span>
  );
}
