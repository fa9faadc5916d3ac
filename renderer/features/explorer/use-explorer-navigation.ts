import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import type { FilePlace, FileVolume } from '../../../core/contract/index.ts';
import { useAsk } from '../../api/index.ts';
import { parentOf, placeKey, placeOfTyped } from '../files/index.ts';
import { type ExplorerLocation, placeAt } from './explorer-location.ts';
import type { ExplorerStore } from './explorer-store.ts';

export interface ExplorerNavigation {
  readonly location: ExplorerLocation;
  readonly place: FilePlace | null;
  /** Opens a folder, with one of its entries selected. */
  goTo(place: FilePlace, select?: string): void;
  goUp(): void;
  goBack(): void;
  goForward(): void;
  /** Changes what narrows the list; the history keeps one entry of it. */
  narrow(changes: Partial<ExplorerLocation>): void;
  /** Goes where a typed path leads; answers why it does not. */
  goToTyped(text: string): Promise<string | null>;
}

/** Moving about in the explorer is moving about in the browser's history. */
export function useExplorerNavigation(
  sessionId: string,
  volumes: readonly FileVolume[],
  store: ExplorerStore,
): ExplorerNavigation {
  const location = useSearch({ from: '/files/$sessionId' });
  const navigate = useNavigate();
  const { history } = useRouter();
  const ask = useAsk();
  const place = placeAt(location, volumes);
  const go = (search: ExplorerLocation, replace: boolean) =>
    void navigate({ to: '/files/$sessionId', params: { sessionId }, search, replace });
  const goTo = (next: FilePlace, select?: string) => {
    if (place !== null && next.volumeId === place.volumeId && parentOf(next.path) === place.path)
      store.setState(({ opened }) => ({ opened: new Map(opened).set(placeKey(place), next.path) }));
    go({ volume: next.volumeId, path: next.path, ...(select === undefined ? {} : { select }) }, false);
  };
  return {
    location,
    place,
    goTo,
    goUp: () => {
      if (place !== null && place.path !== '/') goTo({ ...place, path: parentOf(place.path) }, place.path);
    },
    goBack: () => history.back(),
    goForward: () => history.forward(),
    narrow: (changes) => {
      const next = { ...location, ...changes };
      const begins = location.find === undefined && next.find !== undefined;
      go(next, !begins);
    },
    goToTyped: async (text) => {
      if (place === null || text.trim() === '') return null;
      const wanted = placeOfTyped(volumes, place, text);
      try {
        const { kind } = await ask('files.details', { sessionId, ...wanted });
        if (kind === 'directory') goTo(wanted);
        else goTo({ ...wanted, path: parentOf(wanted.path) }, wanted.path);
        return null;
      } catch (reason) {
        return reason instanceof Error ? reason.message : String(reason);
      }
    },
  };
}
