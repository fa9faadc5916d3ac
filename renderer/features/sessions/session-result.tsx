import type { SessionResult as Result, Session } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import {
  BytesText,
  Card,
  DataTable,
  Facts,
  StateMark,
  type TableColumn,
  TextLink,
  TimeText,
  TruncatedText,
} from '../../ui/index.ts';
import { FileRecoveryResult, FileRestoreResult } from './file-results.tsx';
import styles from './session-result.module.css';
import { outcome } from './session-words.ts';

/** What a session that succeeded has brought, with the ways onward. */
export function SessionResult({ session, result }: { session: Session; result: Result }) {
  switch (result.kind) {
    case 'backup':
      return <BackupResult pointId={result.pointId} />;
    case 'restore':
      return <RestoreResult session={session} result={result} />;
    case 'sync':
      return (
        <Card title="Result" actions={<TextLink to="/virtual-machines">Show virtual machines</TextLink>}>
          Found {outcome(session)}.
        </Card>
      );
    case 'repository':
      return (
        <Card
          title="Result"
          actions={
            <TextLink to="/repositories/$repositoryId" params={{ repositoryId: result.repositoryId }}>
              Open repository
            </TextLink>
          }
        >
          The repository is ready for backups.
        </Card>
      );
    case 'file-recovery':
      return <FileRecoveryResult session={session} result={result} />;
    case 'file-restore':
      return <FileRestoreResult result={result} />;
  }
}

function BackupResult({ pointId }: { pointId: string }) {
  const point = useProcedure('point.get', { pointId }).data;
  return (
    <Card
      title="Restore point"
      actions={
        <TextLink to="/restore/$pointId" params={{ pointId }}>
          Restore from this point
        </TextLink>
      }
    >
      <Facts
        columns={2}
        facts={[
          { name: 'Taken', value: point ? <TimeText iso={point.takenAt} /> : '–' },
          { name: 'Mode', value: point ? (point.mode === 'full' ? 'Full' : 'Incremental') : '–' },
          { name: 'Read', value: point ? <BytesText bytes={point.readBytes} /> : '–' },
          { name: 'Stored', value: point ? <BytesText bytes={point.storedBytes} /> : '–' },
        ]}
      />
    </Card>
  );
}

type RestoredDisk = Extract<Result, { kind: 'restore' }>['disks'][number];

const diskColumns: readonly TableColumn<RestoredDisk>[] = [
  {
    id: 'name',
    header: 'Disk',
    width: 'minmax(150px, 4fr)',
    sortBy: (disk) => disk.name,
    cell: (disk) => <TruncatedText text={disk.name} />,
  },
  {
    id: 'verified',
    header: 'Verification',
    width: '96px',
    cell: (disk) =>
      disk.verified ? (
        <StateMark tone="good" text="Verified" />
      ) : (
        <StateMark tone="quiet" text="Not verified" />
      ),
  },
  {
    id: 'size',
    header: 'Size',
    width: '76px',
    align: 'end',
    cell: (disk) => <BytesText bytes={disk.sizeBytes} />,
  },
  {
    id: 'written',
    header: 'Written',
    width: '76px',
    align: 'end',
    cell: (disk) => <BytesText bytes={disk.writtenBytes} />,
  },
  {
    id: 'id',
    header: 'Resource id',
    width: 'minmax(96px, 2fr)',
    cell: (disk) => (
      <span className={styles.id}>
        <TruncatedText text={disk.resourceId} cut="start" />
      </span>
    ),
  },
];

function RestoreResult({
  session,
  result,
}: {
  session: Session;
  result: Extract<Result, { kind: 'restore' }>;
}) {
  const allVerified = result.disks.length > 0 && result.disks.every(({ verified }) => verified);
  return (
    <Card
      title="Restored"
      inset="flush"
      actions={
        result.vmId !== null && (
          <TextLink to="/virtual-machines/id/$" params={{ _splat: result.vmId.slice(1) }}>
            Open {result.vmId.split('/').at(-1)}
          </TextLink>
        )
      }
    >
      <p className={styles.summary}>
        {allVerified
          ? 'Every disk was read back and each of its blocks compared with the restore point.'
          : `${session.title} is complete. Not every disk was read back and compared.`}
      </p>
      <DataTable
        label="Restored disks"
        frame="plain"
        rows={result.disks}
        columns={diskColumns}
        rowId={(disk) => disk.resourceId}
        empty={null}
      />
      {result.replacedDisks.length > 0 && (
        <div className={styles.replaced}>
          <p>
            These disks were replaced. They were left in the resource group and can be deleted when no longer
            needed:
          </p>
          <ul>
            {result.replacedDisks.map((id) => (
              <li key={id}>
                <TruncatedText text={id} cut="start" />
              </li>
            ))}
          </ul>
        </div>
      )}
    </Card>
  );
}
