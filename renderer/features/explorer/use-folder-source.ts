import { useCallback, useMemo, useState } from 'react';
import type { FileListing, FilePlace, ProcedureInput } from '../../../core/contract/index.ts';
import { useAsk, useProcedures } from '../../api/index.ts';
import { itemOfEntry, placeKey } from '../files/index.ts';
import type { FileOrder } from './explorer-store.ts';
import type { ListSource } from './list-source.ts';

/** Lines per question while scrolling, and for ranges that were not scrolled to. */
const pageLines = 200;
const blockLines = 1000;

export interface FolderSourceProps {
  readonly sessionId: string;
  readonly place: FilePlace;
  readonly filter: string;
  readonly order: FileOrder;
  readonly descending: boolean;
}

export interface FolderSource extends ListSource {
  /** Entries of the folder, whatever the filter. */
  readonly unfiltered: number;
  /** Why entries may be missing. */
  readonly problem: string | null;
}

/** The entries of a folder. Only the pages in sight are asked for, and the first one, which knows the count. */
export function useFolderSource(props: FolderSourceProps): FolderSource {
  const { sessionId, place, filter, order, descending } = props;
  const { volumeId, path } = place;
  const key = `${placeKey(place)}\n${filter}`;
  const listing = useMemo(
    () => ({ sessionId, volumeId, path, filter, order, descending }),
    [sessionId, volumeId, path, filter, order, descending],
  );
  const [seen, setSeen] = useState({ key, first: 0, last: 0 });
  const look = useCallback(
    (first: number, last: number) => {
      const next = { key, first: Math.floor(first / pageLines), last: Math.floor(last / pageLines) };
      setSeen((now) => (now.key === key && now.first === next.first && now.last === next.last ? now : next));
    },
    [key],
  );
  const pages = useMemo(() => pagesInSight(seen.key === key ? seen : { first: 0, last: 0 }), [seen, key]);
  const answers = useProcedures(
    'files.list',
    pages.map(
      (page): ProcedureInput<'files.list'> => ({ ...listing, offset: page * pageLines, limit: pageLines }),
    ),
  );
  const read = useRead(listing);
  const byPage = new Map(pages.map((page, index) => [page, answers[index]?.data]));
  const head = byPage.get(0);
  const failed = answers.find(({ error }) => error !== null);
  return {
    key,
    total: head?.total ?? 0,
    unfiltered: head?.unfiltered ?? 0,
    problem: head?.problem ?? null,
    pending: head === undefined && failed === undefined,
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
    itemAt: (index) => {
      const entry = byPage.get(Math.floor(index / pageLines))?.entries[index % pageLines];
      return entry && itemOfEntry(volumeId, entry);
    },
    look,
    read,
  };
}

function pagesInSight({ first, last }: { first: number; last: number }): readonly number[] {
  const pages = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return first === 0 ? pages : [0, ...pages];
}

function useRead(listing: Omit<ProcedureInput<'files.list'>, 'offset' | 'limit'>): ListSource['read'] {
  const ask = useAsk();
  return useCallback(
    async (first, last) => {
      const blocks = Array.from(
        { length: Math.floor(last / blockLines) - Math.floor(first / blockLines) + 1 },
        (_, index) => Math.floor(first / blockLines) + index,
      );
      const listings: FileListing[] = [];
      for (const block of blocks)
        listings.push(await ask('files.list', { ...listing, offset: block * blockLines, limit: blockLines }));
      const start = (blocks[0] ?? 0) * blockLines;
      const entries = listings.flatMap((one) => one.entries).slice(first - start, last - start + 1);
      return entries.map((entry) => itemOfEntry(listing.volumeId, entry));
    },
    [ask, listing],
  );
}
