import type { Session, SessionResult } from '../../../core/contract/index.ts';
import {
  BytesText,
  Card,
  DataTable,
  Facts,
  type TableColumn,
  TextLink,
  TruncatedText,
} from '../../ui/index.ts';
import styles from './session-result.module.css';

interface FileRecoveryResultProps {
  readonly session: Session;
  readonly result: Extract<SessionResult, { kind: 'file-recovery' }>;
}

/** What was taken out while a restore point was open for its files. */
export function FileRecoveryResult({ session, result }: FileRecoveryResultProps) {
  return (
    <Card
      title="Taken out"
      actions={
        <TextLink to="/file-recovery" search={{ text: session.resourceName ?? undefined }}>
          Show the record
        </TextLink>
      }
    >
      {result.items === 0 ? (
        'The restore point was looked at; nothing was taken out of it.'
      ) : (
        <Facts
          columns={2}
          facts={[
            { name: 'Items', value: <span className="figures">{result.items.toLocaleString('en')}</span> },
            { name: 'Size', value: <BytesText bytes={result.bytes} /> },
          ]}
        />
      )}
    </Card>
  );
}

type FileRestore = Extract<SessionResult, { kind: 'file-restore' }>;
type Failure = FileRestore['failures'][number];

const failureColumns: readonly TableColumn<Failure>[] = [
  {
    id: 'path',
    header: 'File',
    width: 'minmax(160px, 1fr)',
    sortBy: (failure) => failure.path,
    cell: (failure) => <TruncatedText text={failure.path} cut="start" />,
  },
  {
    id: 'reason',
    header: 'Reason',
    width: 'minmax(160px, 1fr)',
    cell: (failure) => <TruncatedText text={failure.reason} />,
  },
];

/** What was put back into the machine, and what could not be. */
export function FileRestoreResult({ result }: { result: FileRestore }) {
  return (
    <Card title="Put back" inset="flush">
      <div className={styles.summary}>
        <Facts
          columns={3}
          facts={[
            {
              name: 'Restored',
              value: <span className="figures">{result.restoredFiles.toLocaleString('en')}</span>,
            },
            {
              name: 'Kept as they were',
              value: <span className="figures">{result.keptFiles.toLocaleString('en')}</span>,
            },
            { name: 'Size', value: <BytesText bytes={result.restoredBytes} /> },
          ]}
        />
      </div>
      {result.failures.length > 0 && (
        <DataTable
          label="Files that were not restored"
          frame="plain"
          rows={result.failures}
          columns={failureColumns}
          rowId={(failure) => failure.path}
          empty={null}
        />
      )}
    </Card>
  );
}
