import type { FileDetails, FilePlace, FileVolume } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import { Answer, BlockSkeleton, BytesText, type Fact, Facts, Notice } from '../../ui/index.ts';
import { formatExactFileTime, guestPath, kindWords, modeText, visibleName } from '../files/index.ts';
import styles from './file-panel.module.css';

export interface PropertiesViewProps {
  readonly sessionId: string;
  readonly place: FilePlace;
  readonly volume: FileVolume;
}

/** All that the file system knows of a file, with every digit of it. */
export function PropertiesView({ sessionId, place, volume }: PropertiesViewProps) {
  const query = useProcedure('files.details', { sessionId, ...place });
  return (
    <Answer
      query={query}
      skeleton={<BlockSkeleton height={320} />}
      errorTitle="The properties could not be read"
    >
      {(details) => (
        <div className={styles.facts}>
          {details.problem !== null && (
            <Notice intent="warning" title="It cannot be given out">
              {details.problem}
            </Notice>
          )}
          <Facts facts={factsOf(details, volume)} />
          <Streams streams={details.streams} />
        </div>
      )}
    </Answer>
  );
}

function Streams({ streams }: Pick<FileDetails, 'streams'>) {
  if (streams.length === 0) return null;
  return (
    <>
      <h3 className={styles.section}>Named streams</h3>
      <ul className={styles.streams}>
        {streams.map(({ name, sizeBytes }) => (
          <li key={name}>
            {visibleName(name)} <BytesText bytes={sizeBytes} />
          </li>
        ))}
      </ul>
    </>
  );
}

function factsOf(details: FileDetails, volume: FileVolume): readonly Fact[] {
  const time = (value: string | null) =>
    value === null ? null : formatExactFileTime(value, volume.localTimes);
  const facts: readonly (readonly [string, Fact['value'] | null])[] = [
    ['Kind', kindWords[details.kind]],
    ['Path', guestPath(volume, details.path)],
    ['Link to', details.linkTarget && visibleName(details.linkTarget)],
    ['Size', details.kind === 'file' ? exactBytes(details.sizeBytes) : null],
    ['On the disk', details.kind === 'file' ? exactBytes(details.allocatedBytes) : null],
    ['Modified', time(details.modified)],
    ['Created', time(details.created)],
    ['Accessed', time(details.accessed)],
    ['Changed', time(details.changed)],
    ['Owner', details.owner && `uid ${details.owner.uid}, gid ${details.owner.gid}`],
    ['Owner', details.sid],
    [
      'Permissions',
      details.mode === null
        ? null
        : `${modeText(details.mode)} (${details.mode.toString(8).padStart(4, '0')})`,
    ],
    ['Attributes', details.attributes.join(', ') || null],
    ['Links', details.links > 1 ? String(details.links) : null],
    ['Device', details.device && `${details.device.major}:${details.device.minor}`],
    [details.mode === null ? 'Record' : 'Inode', details.node.toLocaleString('en')],
  ];
  return facts.flatMap(([name, value]) =>
    value === null ? [] : [{ name, value: <span className={styles.value}>{value}</span> }],
  );
}

function exactBytes(bytes: number): string {
  return `${bytes.toLocaleString('en')} bytes`;
}
