import type { FileRecovery, Session } from '../../contract/index.ts';
import type { PointRecord } from '../../db/index.ts';
import { isActive } from '../../domain/index.ts';
import type { LiveRecovery } from './live-recovery.ts';
import type { RecoveryInput } from './recovery-program.ts';

/** A session of file recovery as the console shows it: what is stored of it, and what is open now. */
export function recoveryView(parts: {
  readonly session: Session;
  readonly input: RecoveryInput;
  readonly point: PointRecord | null;
  readonly live: LiveRecovery | null;
}): FileRecovery {
  const { session, input, point, live } = parts;
  const shown = live?.shown ?? idle;
  return {
    ...shown,
    sessionId: session.id,
    pointId: input.pointId,
    resourceId: session.resourceId ?? point?.resourceId ?? '',
    resourceName: session.resourceName ?? '',
    takenAt: point?.takenAt ?? session.createdAt,
    road: input.road,
    source: input.source,
    state: stateOf(session, shown.state),
    error: session.error,
  };
}

const idle = {
  state: 'opening',
  activity: 'Waiting to be opened.',
  closesAt: null,
  volumes: null,
  worker: null,
  shares: [],
} satisfies LiveRecovery['shown'];

function stateOf(session: Session, live: FileRecovery['state']): FileRecovery['state'] {
  if (isActive(session.state)) return session.state === 'cancelling' ? 'closing' : live;
  return session.state === 'failed' ? 'failed' : 'closed';
}
