import type { ReactNode } from 'react';
import type { FileVolume } from '../../../core/contract/index.ts';
import { BytesText, TruncatedText } from '../../ui/index.ts';
import {
  type FileItem,
  FileName,
  FileTimeText,
  guestPath,
  kindWords,
  modeOrAttributes,
  ownerText,
  parentOf,
  visibleName,
} from '../files/index.ts';
import type { FileOrder } from './explorer-store.ts';

export interface FileColumn {
  readonly id: string;
  readonly header: string;
  /** A CSS grid track. */
  readonly width: string;
  readonly cell: (item: FileItem) => ReactNode;
  readonly order?: FileOrder;
  readonly align?: 'end';
  /** The list must be this wide, in pixels, for the column to be shown. */
  readonly from?: number;
}

const name: FileColumn = {
  id: 'name',
  header: 'Name',
  width: 'minmax(140px, 1fr)',
  order: 'name',
  cell: ({ name: text, kind, entry }) => (
    <FileName name={text} kind={kind} problem={entry?.problem} linkTarget={entry?.linkTarget} />
  ),
};

const size: FileColumn = {
  id: 'size',
  header: 'Size',
  width: '78px',
  order: 'size',
  align: 'end',
  cell: ({ kind, sizeBytes }) => (kind === 'file' ? <BytesText bytes={sizeBytes} /> : null),
};

function modified(zoneless: (item: FileItem) => boolean): FileColumn {
  return {
    id: 'modified',
    header: 'Modified',
    width: '124px',
    order: 'modified',
    from: 400,
    cell: (item) => <FileTimeText time={item.modified} zoneless={zoneless(item)} />,
  };
}

const kind: FileColumn = {
  id: 'kind',
  header: 'Kind',
  width: '72px',
  order: 'kind',
  from: 820,
  cell: (item) => kindWords[item.kind],
};

/** Columns of a folder. What the volume does not keep has no column. */
export function folderColumns(volume: FileVolume, sample: FileItem | undefined): readonly FileColumn[] {
  const unix = sample?.entry?.mode != null;
  const owned = unix || sample?.entry?.sid != null;
  return [
    name,
    size,
    modified(() => volume.localTimes),
    kind,
    ...(owned ? [{ id: 'owner', header: 'Owner', width: '84px', from: 640, cell: ownerCell }] : []),
    {
      id: 'mode',
      header: unix ? 'Permissions' : 'Attributes',
      width: unix ? '90px' : '116px',
      from: 720,
      cell: unix ? modeCell : attributesCell,
    },
  ];
}

/** Columns of what a search found: where it is matters more than whose it is. */
export function searchColumns(volumes: readonly FileVolume[]): readonly FileColumn[] {
  const volumeOf = ({ volumeId }: FileItem) => volumes.find(({ id }) => id === volumeId);
  const { order: _byName, ...plainName } = name;
  const { order: _bySize, ...plainSize } = size;
  const { order: _byTime, ...plainTime } = modified((item) => volumeOf(item)?.localTimes ?? false);
  return [
    plainName,
    {
      id: 'folder',
      header: 'Folder',
      width: 'minmax(120px, 1fr)',
      from: 480,
      cell: (item) => {
        const volume = volumeOf(item);
        if (volume === undefined) return item.path;
        return <TruncatedText text={visibleName(guestPath(volume, parentOf(item.path)))} cut="start" />;
      },
    },
    plainSize,
    { ...plainTime, from: 600 },
  ];
}

function ownerCell({ entry }: FileItem): ReactNode {
  return entry && <span title={entry.sid ?? undefined}>{ownerText(entry)}</span>;
}

function modeCell({ entry }: FileItem): ReactNode {
  return entry && <span className="mono">{modeOrAttributes(entry)}</span>;
}

function attributesCell({ entry }: FileItem): ReactNode {
  return entry && <TruncatedText text={modeOrAttributes(entry)} />;
}
