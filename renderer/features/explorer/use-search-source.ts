import { useMemo } from 'react';
import type { FileIndexState, FileSearchQuery } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import { itemOfHit } from '../files/index.ts';
import type { ListSource } from './list-source.ts';

const mostHits = 2000;
const pollMilliseconds = 700;

export interface SearchSource extends ListSource {
  readonly indexes: readonly FileIndexState[];
  /** There are more hits than are shown. */
  readonly more: boolean;
  /** Volumes are still being read; what is found grows. */
  readonly building: boolean;
}

/** What a search has found; asked again while volumes are being indexed. */
export function useSearchSource(
  sessionId: string,
  search: Omit<FileSearchQuery, 'limit'> | null,
): SearchSource {
  const query = useProcedure(
    'files.search',
    { sessionId, text: '', ...search, limit: mostHits },
    {
      enabled: search !== null,
      keepFormer: true,
      every: (answer) =>
        answer?.indexes.some(({ state }) => state === 'building') ? pollMilliseconds : false,
    },
  );
  const answer = search === null ? undefined : query.data;
  const items = useMemo(() => (answer?.hits ?? []).map(itemOfHit), [answer]);
  const indexes = answer?.indexes ?? [];
  return {
    key: JSON.stringify(['search', search]),
    total: items.length,
    pending: search !== null && query.isPending,
    error: query.error,
    retry: () => void query.refetch(),
    itemAt: (index) => items[index],
    look: () => undefined,
    read: async (first, last) => items.slice(first, last + 1),
    indexes,
    more: answer?.more ?? false,
    building: indexes.some(({ state }) => state === 'building'),
  };
}
