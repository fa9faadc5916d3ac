import { Button, SearchBox } from '@fluentui/react-components';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ProcedureInput, TakenItem } from '../../../core/contract/index.ts';
import { useProcedures } from '../../api/index.ts';
import {
  Answer,
  BlockSkeleton,
  Card,
  DataTable,
  EmptyState,
  FilterBar,
  FilterChoice,
} from '../../ui/index.ts';
import { wayWords } from './recovery-words.ts';
import styles from './taken-card.module.css';
import { takenColumns } from './taken-columns.tsx';
import { TakenFilesDialog } from './taken-files-dialog.tsx';
import { matchesTaken, type TakenFilter } from './taken-filter.ts';

const route = getRouteApi('/file-recovery');
const pageItems = 100;
const newestFirst = { id: 'time', desc: true };

/** Who took what out, when, and where to. Kept when sessions and downloads are long gone. */
export function TakenCard() {
  const filter = route.useSearch();
  const navigate = useNavigate();
  /** Where each page of the record begins; the first one is now. */
  const [starts, setStarts] = useState<readonly (string | null)[]>([null]);
  const pages = useProcedures(
    'files.taken',
    starts.map(
      (before): ProcedureInput<'files.taken'> => ({
        limit: pageItems,
        ...(before === null ? {} : { before }),
      }),
    ),
  );
  const items = pages.flatMap(({ data }) => data ?? []);
  const rows = items.filter((item) => matchesTaken(item, filter));
  const oldest = items.at(-1);
  const last = pages.at(-1);
  const change = (changes: Partial<TakenFilter>) =>
    void navigate({ to: '/file-recovery', search: { ...filter, ...changes }, replace: true });
  const [shown, setShown] = useState<TakenItem | null>(null);
  const [columns] = useState(() => takenColumns(setShown));
  const [first] = pages;
  if (first === undefined) return null;
  return (
    <Card title="Taken out" inset="flush">
      <div className={styles.filter}>
        <FilterBar shown={rows.length} total={items.length} noun="items">
          <SearchBox
            aria-label="Filter the record"
            placeholder="Path, person, machine, SHA-256"
            value={filter.text ?? ''}
            onChange={(_, { value }) => change({ text: value || undefined })}
          />
          <FilterChoice
            label="Way"
            all="All ways"
            choices={wayWords}
            value={filter.way}
            onChange={(way) => change({ way })}
          />
        </FilterBar>
      </div>
      <Answer
        query={first}
        skeleton={<BlockSkeleton height={160} />}
        errorTitle="The record could not be read"
      >
        {() => (
          <DataTable
            label="Items taken out"
            frame="plain"
            rows={rows}
            columns={columns}
            rowId={({ id }: TakenItem) => id}
            sort={newestFirst}
            empty={
              items.length === 0 ? (
                <EmptyState
                  size="small"
                  title="Nothing was taken yet"
                  text="Every download, restore and shared file is recorded here."
                />
              ) : (
                <EmptyState
                  size="small"
                  title="Nothing matches"
                  text="Only what is loaded is filtered; older items may match."
                />
              )
            }
          />
        )}
      </Answer>
      {last?.data?.length === pageItems && oldest !== undefined && (
        <div className={styles.more}>
          <Button onClick={() => setStarts([...starts, oldest.time])}>Show older items</Button>
        </div>
      )}
      {shown !== null && <TakenFilesDialog item={shown} onClose={() => setShown(null)} />}
    </Card>
  );
}
