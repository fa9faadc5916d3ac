import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { useState } from 'react';
import type { TakenFile, TakenItem } from '../../../core/contract/index.ts';
import { useProcedures } from '../../api/index.ts';
import {
  Answer,
  BlockSkeleton,
  BytesText,
  CopyButton,
  DataTable,
  EmptyState,
  type TableColumn,
  TruncatedText,
} from '../../ui/index.ts';
import { visibleName } from '../files/index.ts';
import styles from './taken-card.module.css';

const pageFiles = 1000;

const columns: readonly TableColumn<TakenFile>[] = [
  {
    id: 'path',
    header: 'File',
    width: 'minmax(160px, 1fr)',
    sortBy: ({ path }) => path,
    cell: ({ path }) => <TruncatedText text={visibleName(path)} cut="middle" />,
  },
  {
    id: 'bytes',
    header: 'Size',
    width: '80px',
    align: 'end',
    sortBy: ({ bytes }) => bytes,
    cell: ({ bytes }) => <BytesText bytes={bytes} />,
  },
  {
    id: 'sha256',
    header: 'SHA-256',
    width: '180px',
    cell: ({ sha256 }) => (
      <span className={styles.hash} title={sha256}>
        <span className="mono">{sha256.slice(0, 16)}…</span>
        <CopyButton text={sha256} label={`Copy SHA-256 ${sha256.slice(0, 8)}`} />
      </span>
    ),
  },
];

/** Every file of a folder that was saved, with its hash. */
export function TakenFilesDialog({ item, onClose }: { item: TakenItem; onClose: () => void }) {
  /** The last path of the page before, for each page that is shown. */
  const [afters, setAfters] = useState<readonly string[]>(['']);
  const pages = useProcedures(
    'files.takenFiles',
    afters.map((after) => ({ takenId: item.id, after, limit: pageFiles })),
  );
  const [first] = pages;
  const files = pages.flatMap(({ data }) => data ?? []);
  const last = files.at(-1);
  const sums = files.map(({ sha256, path }) => `${sha256}  ${path}\n`).join('');
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface style={{ maxWidth: 760 }}>
        <DialogBody>
          <DialogTitle>Files of “{visibleName(item.path)}”</DialogTitle>
          <DialogContent className={styles.files}>
            {first !== undefined && (
              <Answer
                query={first}
                skeleton={<BlockSkeleton height={260} />}
                errorTitle="The files could not be read"
              >
                {() => (
                  <DataTable
                    label="Files that were saved"
                    height="fill"
                    rows={files}
                    columns={columns}
                    rowId={({ path }) => path}
                    empty={<EmptyState size="small" title="No files" text="Nothing but folders was saved." />}
                  />
                )}
              </Answer>
            )}
          </DialogContent>
          <DialogActions>
            {last !== undefined && pages.at(-1)?.data?.length === pageFiles && (
              <Button onClick={() => setAfters([...afters, last.path])}>Show more</Button>
            )}
            <CopyButton text={sums} label="Copy as SHA256SUMS" />
            <Button onClick={onClose}>Close</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
