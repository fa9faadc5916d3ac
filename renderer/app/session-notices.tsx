import { Toast, ToastBody, Toaster, ToastTitle, useId, useToastController } from '@fluentui/react-components';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { Session } from '../../core/contract/index.ts';
import { useProcedure } from '../api/index.ts';
import { TextLink } from '../ui/index.ts';

/** Tells when a session that was running comes to its end, unless the operator is looking at it. */
export function SessionNotices() {
  const toasterId = useId('session-notices');
  const { dispatchToast } = useToastController(toasterId);
  const overview = useProcedure('overview.get', {}).data;
  const router = useRouter();
  const running = useRef<ReadonlySet<string>>(new Set());

  useEffect(() => {
    if (overview === undefined) return;
    const ended = overview.recentSessions.filter(
      ({ id, endedAt }) => endedAt !== null && running.current.has(id),
    );
    for (const session of ended) {
      if (router.state.location.pathname === `/sessions/${session.id}`) continue;
      dispatchToast(<SessionToast session={session} />, {
        intent: session.state === 'succeeded' ? 'success' : session.state === 'failed' ? 'error' : 'warning',
        timeout: session.state === 'failed' ? 15_000 : 6_000,
      });
    }
    running.current = new Set(overview.runningSessions.map(({ id }) => id));
  }, [overview, dispatchToast, router]);

  return <Toaster toasterId={toasterId} position="top-end" pauseOnHover />;
}

function SessionToast({ session }: { session: Session }) {
  const word = { succeeded: 'succeeded', failed: 'failed', cancelled: 'was cancelled' } as const;
  const end = session.state === 'succeeded' || session.state === 'failed' ? session.state : 'cancelled';
  return (
    <Toast>
      <ToastTitle>{`${session.title} ${word[end]}`}</ToastTitle>
      <ToastBody>
        <TextLink to="/sessions/$sessionId" params={{ sessionId: session.id }}>
          Open session
        </TextLink>
      </ToastBody>
    </Toast>
  );
}
