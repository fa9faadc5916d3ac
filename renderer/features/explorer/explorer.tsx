import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { FileRecovery, FileVolume, RestorePoint } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import { EmptyState } from '../../ui/index.ts';
import { parentOf, placeKey, wayTo } from '../files/index.ts';
import styles from './explorer.module.css';
import { createExplorerStore, type ExplorerStore, withFolded } from './explorer-store.ts';
import { FileView, type FileViewHandle } from './file-view.tsx';
import { FolderTree } from './folder-tree.tsx';
import { NavigationBar } from './navigation-bar.tsx';
import { useExplorerKeys } from './use-explorer-keys.ts';
import { type ExplorerNavigation, useExplorerNavigation } from './use-explorer-navigation.ts';
import { useTreeRows } from './use-tree-rows.ts';
import { VolumeList } from './volume-list.tsx';

export interface ExplorerProps {
  readonly recovery: FileRecovery;
  readonly volumes: readonly FileVolume[];
}

/** An open restore point: its volumes, their folders, and what is in them. */
export function Explorer({ recovery, volumes }: ExplorerProps) {
  const [store] = useState(createExplorerStore);
  const navigation = useExplorerNavigation(recovery.sessionId, volumes, store);
  const [editing, setEditing] = useState(false);
  const filter = useRef<HTMLInputElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<FileViewHandle>(null);
  const { place } = navigation;
  const volume = volumes.find(({ id }) => id === place?.volumeId);
  const side = <VolumeSide recovery={recovery} volumes={volumes} store={store} navigation={navigation} />;

  useExplorerKeys(navigation, { edit: () => setEditing(true), search: () => search.current?.select() });

  if (place === null || volume === undefined)
    return (
      <div className={styles.explorer}>
        <div className={styles.frame}>
          <div className={styles.side}>{side}</div>
          <EmptyState
            title="No volume can be read"
            text="The reasons stand beside each volume. The disks can still be restored as a whole."
          />
        </div>
      </div>
    );
  const toFilter = (sign: string) => {
    navigation.narrow(navigation.location.find === undefined ? { filter: sign } : { find: sign });
    (navigation.location.find === undefined ? filter : search).current?.focus();
  };
  return (
    <div className={styles.explorer}>
      <NavigationBar
        navigation={navigation}
        place={place}
        volume={volume}
        editing={editing}
        onEditing={setEditing}
        onDone={() => list.current?.focus()}
        filterRef={filter}
        searchRef={search}
      />
      <FileView
        ref={list}
        side={
          <>
            {side}
            <Folders sessionId={recovery.sessionId} volume={volume} store={store} navigation={navigation} />
          </>
        }
        recovery={recovery}
        volumes={volumes}
        volume={volume}
        place={place}
        store={store}
        navigation={navigation}
        onType={toFilter}
      />
    </div>
  );
}

interface SideProps extends ExplorerProps {
  readonly store: ExplorerStore;
  readonly navigation: ExplorerNavigation;
}

function VolumeSide({ recovery, volumes, store, navigation }: SideProps) {
  const showAll = useStore(store, ({ allVolumes }) => allVolumes);
  const point = useProcedure('point.get', { pointId: recovery.pointId }).data;
  return (
    <VolumeList
      volumes={volumes}
      diskNames={namesOf(point)}
      openId={navigation.place?.volumeId ?? null}
      showAll={showAll}
      onShowAll={(allVolumes) => store.setState({ allVolumes })}
      onOpen={({ id }) => navigation.goTo({ volumeId: id, path: '/' })}
    />
  );
}

function namesOf(point: RestorePoint | undefined): ReadonlyMap<number, string> {
  return new Map(point?.disks.map(({ index, name }) => [index, name]));
}

interface FoldersProps extends Pick<SideProps, 'store' | 'navigation'> {
  readonly sessionId: string;
  readonly volume: FileVolume;
}

/** The tree follows the list: the way to the open folder is always unfolded. */
function Folders({ sessionId, volume, store, navigation }: FoldersProps) {
  const unfolded = useStore(store, (state) => state.unfolded);
  const rows = useTreeRows(sessionId, volume.id, unfolded);
  const openPath = navigation.place?.path ?? '/';
  useEffect(() => {
    for (const path of ['/', ...wayTo(parentOf(openPath))])
      store.setState((state) => withFolded(state, placeKey({ volumeId: volume.id, path }), true));
  }, [store, volume.id, openPath]);
  return (
    <FolderTree
      label={`Folders of ${volume.name}`}
      rootName={volume.name}
      rows={rows}
      openPath={openPath}
      onOpen={(path) => navigation.goTo({ volumeId: volume.id, path })}
      onFold={(path, open) =>
        store.setState((state) => withFolded(state, placeKey({ volumeId: volume.id, path }), open))
      }
    />
  );
}
