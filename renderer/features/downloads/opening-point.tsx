import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogTitle,
  Spinner,
} from '@fluentui/react-components';
import { type ReactNode, useEffect } from 'react';
import { useCommand, useProcedure } from '../../api/index.ts';
import { ErrorNotice } from '../../ui/index.ts';

export interface OpeningPointProps {
  readonly pointId: string;
  readonly onClose: () => void;
  /** Once it is open. */
  readonly children: (sessionId: string) => ReactNode;
}

/** Opens another restore point for what is wanted of it; core answers with the session that has it open already. */
export function OpeningPoint({ pointId, onClose, children }: OpeningPointProps) {
  const open = useCommand('files.open');
  const { mutate } = open;
  useEffect(() => mutate({ pointId }), [mutate, pointId]);
  const sessionId = open.data?.sessionId;
  const recovery = useProcedure(
    'files.get',
    { sessionId: sessionId ?? '' },
    { enabled: sessionId !== undefined },
  ).data;
  const error = open.error ?? recovery?.error ?? null;
  if (sessionId !== undefined && recovery?.state === 'open') return children(sessionId);
  return (
    <DialogBody>
      <DialogTitle>Opening the restore point</DialogTitle>
      <DialogContent>
        {error === null ? (
          <Spinner size="small" labelPosition="after" label={recovery?.activity || 'Opening…'} />
        ) : (
          <ErrorNotice title="The restore point could not be opened" error={error} />
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
      </DialogActions>
    </DialogBody>
  );
}
