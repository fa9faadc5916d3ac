import { type ReactNode, useState } from 'react';
import type { FilePlace, FileRecovery, FileVersion, FileVolume } from '../../../core/contract/index.ts';
import { DownloadDialog, type DownloadSubject } from '../downloads/index.ts';
import { FileRestoreDialog } from '../file-restore/index.ts';
import { type FileItem, guestPath, nameOf, parentOf, placeOf } from '../files/index.ts';
import type { ExplorerStore } from './explorer-store.ts';
import type { FileAction } from './file-actions.ts';
import type { ListSource } from './list-source.ts';
import { type ActionItems, actionItems, mostPlaces } from './selected-places.ts';
import type { Selection } from './selection.ts';
import { useComparing } from './use-comparing.ts';
import type { ExplorerNavigation } from './use-explorer-navigation.ts';

export interface FileActionsProps {
  readonly recovery: FileRecovery;
  readonly volumes: readonly FileVolume[];
  readonly selection: Selection;
  readonly source: ListSource;
  readonly folder: FilePlace & { readonly name: string; readonly filtered: boolean };
  readonly store: ExplorerStore;
  readonly navigation: ExplorerNavigation;
  readonly onOpen: (item: FileItem) => void;
}

type OpenDialog =
  | { readonly kind: 'download'; readonly subject: DownloadSubject }
  | { readonly kind: 'restore'; readonly items: ActionItems };

/** Runs what is asked for with what is selected. */
export function useFileActions(props: FileActionsProps) {
  const { recovery, volumes, selection, source, folder, store, navigation } = props;
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const comparing = useComparing(recovery, setProblem);
  const pathOf = (place: FilePlace) => {
    const volume = volumes.find(({ id }) => id === place.volumeId);
    return volume === undefined ? place.path : guestPath(volume, place.path);
  };
  const subjectOf = (items: ActionItems): DownloadSubject => ({
    ...items,
    source: { sessionId: recovery.sessionId },
    resourceName: recovery.resourceName,
    takenAt: recovery.takenAt,
  });

  const withItems = async (use: (items: ActionItems) => void) => {
    setProblem(null);
    const items = await actionItems(selection, source, folder).catch((reason: unknown) => String(reason));
    if (typeof items === 'string') setProblem(items);
    else if (items === null)
      setProblem(
        `At most ${mostPlaces.toLocaleString('en')} items at once. Take the folder they are in instead.`,
      );
    else use(items);
  };
  const run = (action: FileAction): void => {
    const [one] = selection.items.values();
    switch (action) {
      case 'open':
        if (one !== undefined) props.onOpen(one);
        return;
      case 'preview':
      case 'properties':
      case 'versions':
        store.setState({ panel: action });
        return;
      case 'compare': {
        const [left, right] = selection.items.values();
        if (left !== undefined && right !== undefined)
          comparing.places(placeOf(left), placeOf(right), [pathOf(left), pathOf(right)]);
        return;
      }
      case 'download':
        return void withItems((items) => setDialog({ kind: 'download', subject: subjectOf(items) }));
      case 'restore':
        return void withItems((items) => setDialog({ kind: 'restore', items }));
      case 'copy-path':
        return void withItems(({ places }) => void copyText(places.map(pathOf).join('\n'), setProblem));
    }
  };
  const close = () => setDialog(null);
  return {
    run,
    /** What an action could not do; shown until the next one. */
    problem,
    /** Shows where a found file lies; opens a found folder. */
    show: (item: FileItem) =>
      item.kind === 'directory'
        ? navigation.goTo(placeOf(item))
        : navigation.goTo({ volumeId: item.volumeId, path: parentOf(item.path) }, item.path),
    versions: (place: FilePlace, item: FileItem | null) => ({
      onCompare: (version: FileVersion) => comparing.versions(place, version),
      onDownload: (version: FileVersion) =>
        setDialog({
          kind: 'download',
          subject: {
            source: { pointId: version.pointId },
            places: [place],
            single: item ?? { name: nameOf(place.path), kind: 'directory' },
            resourceName: recovery.resourceName,
            takenAt: version.takenAt,
          },
        }),
      onBrowse: (version: FileVersion) => comparing.browse(place, version, item?.kind ?? 'directory'),
    }),
    dialog: dialogOf(dialog, recovery, close, (items) =>
      setDialog({ kind: 'download', subject: subjectOf(items) }),
    ),
  };
}

function dialogOf(
  dialog: OpenDialog | null,
  recovery: FileRecovery,
  close: () => void,
  onDownload: (items: ActionItems) => void,
): ReactNode {
  if (dialog === null) return null;
  if (dialog.kind === 'download') return <DownloadDialog subject={dialog.subject} onClose={close} />;
  const { items } = dialog;
  return (
    <FileRestoreDialog
      recovery={recovery}
      items={items}
      onClose={close}
      onDownload={() => onDownload(items)}
    />
  );
}

async function copyText(text: string, onProblem: (text: string) => void): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    onProblem('Copied.');
  } catch {
    onProblem('The clipboard was refused.');
  }
}
