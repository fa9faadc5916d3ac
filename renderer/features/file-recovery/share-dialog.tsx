import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Select,
} from '@fluentui/react-components';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { FilePlace, FileRecovery, FileShare } from '../../../core/contract/index.ts';
import { useCommand } from '../../api/index.ts';
import { CheckField, CopyButton, ErrorNotice, Notice, TimeText } from '../../ui/index.ts';
import { guestPath, visibleName } from '../files/index.ts';
import styles from './session-bar.module.css';

const durations = [
  [15, '15 minutes'],
  [60, '1 hour'],
  [240, '4 hours'],
  [480, '8 hours'],
] as const;

/** Links for colleagues' browsers: made, shown once, taken back. */
export function ShareDialog({ recovery, onClose }: { recovery: FileRecovery; onClose: () => void }) {
  const [minutes, setMinutes] = useState(60);
  const [onlyFolder, setOnlyFolder] = useState(false);
  const folder = useOpenFolder(recovery);
  const share = useCommand('files.share');
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Share these files</DialogTitle>
          <DialogContent className={styles.content}>
            <p>
              A link lets a colleague on the same network browse and download in a browser, without Cairn.
              What is taken over it is recorded.
            </p>
            <Field label="Works for">
              <Select value={minutes} onChange={(_, { value }) => setMinutes(Number(value))}>
                {durations.map(([value, text]) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
              </Select>
            </Field>
            {folder !== null && (
              <CheckField
                label={`Only the folder that is open: ${visibleName(folder.shown)}`}
                note="Otherwise everything that can be read."
                checked={onlyFolder}
                onChange={setOnlyFolder}
              />
            )}
            {share.error !== null && <ErrorNotice title="The link was not made" error={share.error} />}
            {share.data?.address != null && <MadeLink share={share.data} address={share.data.address} />}
            <OpenShares recovery={recovery} />
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Close</Button>
            <Button
              appearance="primary"
              disabled={share.isPending}
              onClick={() =>
                share.mutate({
                  sessionId: recovery.sessionId,
                  minutes,
                  scope: onlyFolder ? (folder?.place ?? null) : null,
                })
              }
            >
              {share.isPending ? 'Making the link…' : 'Make a link'}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** The folder in the explorer behind the dialog; null at a volume that nothing says more about. */
function useOpenFolder({ volumes }: FileRecovery): { place: FilePlace; shown: string } | null {
  const { volume: volumeId, path = '/' } = useSearch({ from: '/files/$sessionId' });
  const volume = volumes?.find(({ id }) => id === volumeId);
  return volume === undefined
    ? null
    : { place: { volumeId: volume.id, path }, shown: guestPath(volume, path) };
}

function MadeLink({ share, address }: { share: FileShare; address: string }) {
  return (
    <Notice intent="success" title="The link, shown this once">
      <div className={styles.secret}>
        <span className="mono">{address}</span>
        <CopyButton text={address} label="Copy the link" />
      </div>
      <p>The browser will warn about its certificate. It is the right one when its SHA-256 fingerprint is:</p>
      <div className={styles.secret}>
        <span className="mono">{share.fingerprint}</span>
        <CopyButton text={share.fingerprint} label="Copy the fingerprint" />
      </div>
    </Notice>
  );
}

function OpenShares({ recovery: { sessionId, shares } }: { recovery: FileRecovery }) {
  const revoke = useCommand('files.unshare');
  if (shares.length === 0) return null;
  return (
    <div>
      <h3 className={styles.heading}>Links that work now</h3>
      <ul className={styles.shares}>
        {shares.map(({ id, expiresAt, scope }) => (
          <li key={id} className={styles.share}>
            <span>
              {scope === null ? 'Everything' : scope.path}, until <TimeText iso={expiresAt} />
            </span>
            <Button
              size="small"
              disabled={revoke.isPending}
              onClick={() => revoke.mutate({ sessionId, shareId: id })}
            >
              Revoke
            </Button>
          </li>
        ))}
      </ul>
      {revoke.error !== null && <ErrorNotice title="The link was not revoked" error={revoke.error} />}
    </div>
  );
}
