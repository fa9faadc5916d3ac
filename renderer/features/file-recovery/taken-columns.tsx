import type { TakenItem } from '../../../core/contract/index.ts';
import {
  BytesText,
  CopyButton,
  StateMark,
  type TableColumn,
  TextLink,
  TimeText,
  TruncatedText,
} from '../../ui/index.ts';
import { visibleName } from '../files/index.ts';
import { takenOutcomes, wayWords } from './recovery-words.ts';
import styles from './taken-card.module.css';

/** Columns of the record of what was taken out. A saved folder has a hash for each of its files. */
export const takenColumns = (onFiles: (item: TakenItem) => void): readonly TableColumn<TakenItem>[] => [
  {
    id: 'time',
    header: 'Time',
    width: '118px',
    sortBy: ({ time }) => Date.parse(time),
    cell: ({ time }) => <TimeText iso={time} />,
  },
  {
    id: 'path',
    header: 'What',
    width: 'minmax(140px, 3fr)',
    sortBy: ({ path }) => path,
    cell: ({ path }) => <TruncatedText text={visibleName(path)} cut="middle" />,
  },
  {
    id: 'resource',
    header: 'Machine',
    width: 'minmax(80px, 1fr)',
    sortBy: ({ resourceName }) => resourceName,
    cell: ({ resourceName, resourceId }) => (
      <TextLink to="/virtual-machines/id/$" params={{ _splat: resourceId.slice(1) }}>
        <TruncatedText text={resourceName} />
      </TextLink>
    ),
  },
  {
    id: 'by',
    header: 'By',
    width: 'minmax(90px, 1.2fr)',
    sortBy: ({ by }) => by,
    cell: ({ by }) => <TruncatedText text={by} />,
  },
  {
    id: 'way',
    header: 'Where to',
    width: 'minmax(120px, 2fr)',
    sortBy: ({ way }) => wayWords[way],
    cell: ({ way, target }) => (
      <TruncatedText text={target === '' ? wayWords[way] : `${wayWords[way]}: ${target}`} cut="middle" />
    ),
  },
  {
    id: 'bytes',
    header: 'Size',
    width: '76px',
    align: 'end',
    sortBy: ({ bytes }) => bytes,
    cell: ({ bytes }) => <BytesText bytes={bytes} />,
  },
  {
    id: 'sha256',
    header: 'SHA-256',
    width: '112px',
    cell: (item) => <Hash item={item} onFiles={onFiles} />,
  },
  {
    id: 'outcome',
    header: 'Outcome',
    width: '92px',
    sortBy: ({ outcome }) => outcome,
    cell: ({ outcome }) => <StateMark {...takenOutcomes[outcome]} />,
  },
];

function Hash({ item, onFiles }: { item: TakenItem; onFiles: (item: TakenItem) => void }) {
  const { sha256, way, files, path } = item;
  if (sha256 !== null)
    return (
      <span className={styles.hash} title={sha256}>
        <span className="mono">{sha256.slice(0, 8)}…</span>
        <CopyButton text={sha256} label={`Copy SHA-256 ${sha256.slice(0, 8)}`} />
      </span>
    );
  if (way !== 'saved' || files === 0) return <span className="muted">–</span>;
  return (
    <button
      type="button"
      className="text-button"
      aria-label={`Hashes of the files of ${path}`}
      onClick={() => onFiles(item)}
    >
      Each file
    </button>
  );
}
