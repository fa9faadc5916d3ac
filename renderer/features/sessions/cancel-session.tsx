import type { Session } from '../../../core/contract/index.ts';
import { useCommand } from '../../api/index.ts';
import { ConfirmButton } from '../../ui/index.ts';
import { kindWords } from './session-words.ts';

/** Cancels a session after a question, because the work done so far is given up. */
export function CancelSession({ session }: { session: Session }) {
  const cancel = useCommand('session.cancel');
  const cancelling = session.state === 'cancelling';
  return (
    <ConfirmButton
      label={cancelling ? 'Cancelling…' : 'Cancel session'}
      question={`Cancel “${session.title}”?`}
      confirm={`Cancel ${kindWords[session.kind].toLowerCase()}`}
      keep="Keep running"
      busy={cancel.isPending}
      error={cancel.error}
      disabled={cancelling}
      onConfirm={(close) => cancel.mutate({ sessionId: session.id }, { onSuccess: close })}
    >
      <p>
        The session stops, removes what it made in Azure so far, and ends as cancelled. Existing restore
        points are not touched.
      </p>
    </ConfirmButton>
  );
}
