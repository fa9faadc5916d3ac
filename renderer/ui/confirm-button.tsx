import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
} from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import type { AppError } from '../../core/contract/index.ts';
import { ErrorNotice } from './error-notice.tsx';

export interface ConfirmButtonProps {
  /** On the button that opens the question. */
  readonly label: string;
  readonly question: string;
  readonly children: ReactNode;
  /** On the button that does it. */
  readonly confirm: string;
  /** On the button that leaves everything as it is. */
  readonly keep: string;
  readonly busy: boolean;
  readonly error: AppError | null;
  readonly disabled?: boolean;
  readonly size?: 'small' | 'medium';
  /** Does it; calls `close` once it is done. */
  readonly onConfirm: (close: () => void) => void;
}

/** A button that asks before it does what cannot be taken back. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={(_, data) => setOpen(data.open)}>
      <DialogTrigger disableButtonEnhancement>
        <Button size={props.size ?? 'medium'} disabled={props.disabled ?? false}>
          {props.label}
        </Button>
      </DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{props.question}</DialogTitle>
          <DialogContent>
            {props.children}
            {props.error !== null && <ErrorNotice error={props.error} />}
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button>{props.keep}</Button>
            </DialogTrigger>
            <Button
              appearance="primary"
              disabled={props.busy}
              onClick={() => props.onConfirm(() => setOpen(false))}
            >
              {props.confirm}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
