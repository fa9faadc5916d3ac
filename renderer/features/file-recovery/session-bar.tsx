import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { ShareRegular, TimerRegular } from '@fluentui/react-icons';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { FileRecovery } from '../../../core/contract/index.ts';
import { useCommand } from '../../api/index.ts';
import { ConfirmButton, useNow } from '../../ui/index.ts';
import { timeLeft } from './recovery-words.ts';
import styles from './session-bar.module.css';
import { ShareDialog } from './share-dialog.tsx';

const extensions = [
  [30, '30 minutes from now'],
  [120, '2 hours from now'],
  [480, '8 hours from now'],
] as const;

/** How long the session stays open, and the ways to change that. */
export function SessionBar({ recovery }: { recovery: FileRecovery }) {
  const [sharing, setSharing] = useState(false);
  return (
    <>
      <TimeLeft recovery={recovery} />
      {recovery.road === 'worker' && (
        <Button icon={<ShareRegular />} onClick={() => setSharing(true)}>
          Share
        </Button>
      )}
      <CloseSession recovery={recovery} />
      {sharing && <ShareDialog recovery={recovery} onClose={() => setSharing(false)} />}
    </>
  );
}

function TimeLeft({ recovery: { sessionId, closesAt } }: { recovery: FileRecovery }) {
  const extend = useCommand('files.extend');
  const now = useNow(closesAt === null ? null : 5000);
  if (closesAt === null) return null;
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<TimerRegular />} disabled={extend.isPending}>
          <span className={styles.left}>Closes {timeLeft(closesAt, now)}</span>
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {extensions.map(([minutes, text]) => (
            <MenuItem key={minutes} onClick={() => extend.mutate({ sessionId, minutes })}>
              Keep open until {text}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function CloseSession({ recovery: { sessionId, resourceName, road } }: { recovery: FileRecovery }) {
  const navigate = useNavigate();
  const close = useCommand('files.close');
  return (
    <ConfirmButton
      label="Close"
      question={`Close the files of ${resourceName}?`}
      confirm="Close session"
      keep="Keep open"
      busy={close.isPending}
      error={close.error}
      onConfirm={() =>
        close.mutate({ sessionId }, { onSuccess: () => void navigate({ to: '/file-recovery' }) })
      }
    >
      <p>
        Downloads out of it stop.
        {road === 'worker' ? ' The worker is removed, and links that were shared end.' : ''} The restore point
        is not touched.
      </p>
    </ConfirmButton>
  );
}
