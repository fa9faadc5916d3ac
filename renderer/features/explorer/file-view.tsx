import { type KeyboardEvent, type ReactNode, type Ref, useImperativeHandle, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { FilePlace, FileRecovery, FileVolume } from '../../../core/contract/index.ts';
import { ErrorNotice, Notice } from '../../ui/index.ts';
import { FilePanel } from '../file-panel/index.ts';
import { type FileItem, nameOf, placeOf } from '../files/index.ts';
import { ActionBar } from './action-bar.tsx';
import { ActionMenu } from './action-menu.tsx';
import styles from './explorer.module.css';
import { searchAt } from './explorer-location.ts';
import { type ExplorerStore, sortedBy } from './explorer-store.ts';
import { type ActionTarget, actionRefusal, type FileAction } from './file-actions.ts';
import { folderColumns, searchColumns } from './file-columns.tsx';
import { FileGrid, type FileGridHandle } from './file-grid.tsx';
import { IndexProgress } from './index-progress.tsx';
import { ListEmpty } from './list-empty.tsx';
import { SearchFilters } from './search-filters.tsx';
import { selectedCount } from './selection.ts';
import { SelectionSummary } from './selection-summary.tsx';
import type { ExplorerNavigation } from './use-explorer-navigation.ts';
import { useFileActions } from './use-file-actions.tsx';
import { useFolderSource } from './use-folder-source.ts';
import { useSearchSource } from './use-search-source.ts';
import { useSelection } from './use-selection.ts';
import { useSelectionSizes } from './use-selection-sizes.ts';
import { useShownEntry } from './use-shown-entry.ts';

export interface FileViewHandle {
  focus(): void;
}

export interface FileViewProps {
  /** Stands at the left. */
  readonly side: ReactNode;
  readonly recovery: FileRecovery;
  readonly volumes: readonly FileVolume[];
  readonly volume: FileVolume;
  readonly place: FilePlace;
  readonly store: ExplorerStore;
  readonly navigation: ExplorerNavigation;
  readonly onType: (sign: string) => void;
  readonly ref?: Ref<FileViewHandle>;
}

/** What is in the open folder, or what a search has found, with all that can be done with it. */
export function FileView({
  side,
  recovery,
  volumes,
  volume,
  place,
  store,
  navigation,
  onType,
  ref,
}: FileViewProps) {
  const { sessionId } = recovery;
  const { location } = navigation;
  const searching = location.find !== undefined;
  const order = useStore(store, (state) => state.order);
  const descending = useStore(store, (state) => state.descending);
  const panel = useStore(store, (state) => state.panel);
  const filter = location.filter ?? '';
  const folder = useFolderSource({ sessionId, place, filter, order, descending });
  const found = useSearchSource(sessionId, searchAt(location, place));
  const source = searching ? found : folder;
  const control = useSelection(store, source);
  const { selection } = control;
  const sizes = useSelectionSizes(sessionId, selection);
  const grid = useRef<FileGridHandle>(null);
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null);
  useImperativeHandle(ref, () => ({ focus: () => grid.current?.focus() }), []);
  useShownEntry({ source, control, store, place, select: location.select });

  const open = (item: FileItem) => {
    if (item.kind === 'directory') navigation.goTo(placeOf(item));
    else store.setState({ panel: 'preview' });
  };
  const marked =
    selection.items.size === 1 && !selection.inverted ? [...selection.items.values()][0] : undefined;
  const subject = marked ?? selection.activeItem ?? null;
  const count = selectedCount(selection, source.total);
  const actions = useFileActions({
    recovery,
    volumes,
    selection,
    source,
    folder: { ...place, name: nameOf(place.path), filtered: filter !== '' || searching },
    store,
    navigation,
    onOpen: open,
  });
  const target: ActionTarget = { count, searching, kind: count === 0 ? 'directory' : kindOf(marked) };
  const act = (action: FileAction) => {
    setMenuAt(null);
    if (actionRefusal(action, target) === null) actions.run(action);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const action = actionOfKey(event);
    if (action === null) return;
    event.preventDefault();
    event.stopPropagation();
    act(action);
  };
  const panelPlace = subject === null ? (searching ? null : place) : placeOf(subject);
  const panelVolume = volumes.find(({ id }) => id === panelPlace?.volumeId) ?? volume;

  return (
    <div className={styles.frame} data-panel={panel !== null} role="none" onKeyDown={onKeyDown}>
      <div className={styles.side}>{side}</div>
      <div className={styles.main}>
        <div className={styles.actions}>
          <ActionBar target={target} onAction={act} />
        </div>
        {searching && <SearchFilters location={location} onChange={navigation.narrow} />}
        {source.error !== null && (
          <div className={styles.notice}>
            <ErrorNotice
              title={searching ? 'The search failed' : 'The folder could not be read'}
              error={source.error}
              onRetry={source.retry}
            />
          </div>
        )}
        {!searching && folder.problem !== null && (
          <div className={styles.notice}>
            <Notice intent="warning" title="Not everything in this folder could be read">
              {folder.problem}
            </Notice>
          </div>
        )}
        <FileGrid
          ref={grid}
          label={searching ? 'Search results' : `Files in ${nameOf(place.path)}`}
          source={source}
          columns={searching ? searchColumns(volumes) : folderColumns(volume, folder.itemAt(0))}
          control={control}
          sort={searching ? null : { order, descending }}
          onSort={(by) => store.setState((state) => sortedBy(state, by))}
          onOpen={(item) => (searching ? actions.show(item) : open(item))}
          onMenu={setMenuAt}
          onType={onType}
          empty={
            <ListEmpty
              source={source}
              searching={searching}
              asked={searchAt(location, place) !== null}
              building={found.building}
              unfiltered={folder.unfiltered}
            />
          }
        />
        {searching && found.indexes.length > 0 && (
          <IndexProgress indexes={found.indexes} volumes={volumes} found={found.total} more={found.more} />
        )}
        <footer className={styles.status}>
          {actions.problem ?? (
            <SelectionSummary
              selection={selection}
              total={source.total}
              unfiltered={searching ? source.total : folder.unfiltered}
              sizes={sizes}
            />
          )}
        </footer>
      </div>
      {panel !== null && (
        <FilePanel
          sessionId={sessionId}
          pointId={recovery.pointId}
          volume={panelVolume}
          place={panelPlace}
          tab={panel}
          onTab={(tab) => store.setState({ panel: tab })}
          onClose={() => store.setState({ panel: null })}
          {...actions.versions(panelPlace ?? place, subject)}
        />
      )}
      <ActionMenu at={menuAt} target={target} onClose={() => setMenuAt(null)} onAction={act} />
      {actions.dialog}
    </div>
  );
}

function kindOf(item: FileItem | undefined): ActionTarget['kind'] {
  if (item === undefined) return null;
  return item.kind === 'file' || item.kind === 'directory' ? item.kind : 'other';
}

function actionOfKey({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): FileAction | null {
  if (altKey && key === 'Enter') return 'properties';
  if ((ctrlKey || metaKey) && shiftKey && key.toLowerCase() === 'c') return 'copy-path';
  return null;
}
