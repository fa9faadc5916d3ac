import {
  AppError,
  type FileComparison,
  type FilePlace,
  type FilePreview,
  type FileRecovery,
  type FileSelection,
  type FileShare,
  type FileSizes,
  type FileVersions,
  type ParsedInput,
} from '../../contract/index.ts';
import type { PointRecord } from '../../db/index.ts';
import type { FileService } from '../../files/index.ts';
import type { OrchestratorContext } from '../context.ts';
import type { SessionRunner } from '../sessions/index.ts';
import { type Comparisons, createComparisons } from './comparisons.ts';
import { explainLostPoint } from './explain-lost-point.ts';
import type { FileRoadOpeners, LiveRecoveries } from './live-recoveries.ts';
import type { LiveRecovery } from './live-recovery.ts';
import { previewFile } from './preview-file.ts';
import { recoveryInputSchema } from './recovery-program.ts';
import { recoveryView } from './recovery-view.ts';
import type { ShareRequest } from './road.ts';
import { createSelectionSizes } from './selection-sizes.ts';
import { startRecovery } from './start-recovery.ts';
import { usedService } from './used-service.ts';
import { createVersionSearches } from './version-searches.ts';

/** An open session in the hands of whoever takes files out of it. */
export interface UsedRecovery {
  readonly sessionId: string;
  readonly point: PointRecord;
  /** Every call and every piece of a stream counts as a use. */
  readonly service: FileService;
  /** Whether a worker serves it. */
  readonly worker: boolean;
  /** Aborted when the session ends. */
  readonly ended: AbortSignal;
}

/** Restore points opened for their files. Throws AppError only. */
export interface FileRecoveryService {
  /** Answers the session's id: a new one, or the one that has this point open already. */
  open(input: ParsedInput<'files.open'>): string;
  get(sessionId: string): FileRecovery;
  opened(): FileRecovery[];
  /** Answers when it closes itself. */
  extend(sessionId: string, minutes: number): string;
  close(sessionId: string): void;
  /** Throws `conflict` when it is not open (yet, or any more). */
  use(sessionId: string): UsedRecovery;
  preview(sessionId: string, place: FilePlace, signal: AbortSignal): Promise<FilePreview>;
  sizes(sessionId: string, items: FileSelection): FileSizes;
  versions(sessionId: string, place: FilePlace): FileVersions;
  compare(input: ParsedInput<'files.compare'>): string;
  comparison(comparisonId: string): FileComparison;
  share(sessionId: string, request: ShareRequest, signal: AbortSignal): Promise<FileShare>;
  unshare(sessionId: string, shareId: string, signal: AbortSignal): Promise<void>;
  /** A line in the session's log. */
  log(sessionId: string, text: string, details: Readonly<Record<string, string>>): void;
  /** Stops the background work. */
  shutDown(): Promise<void>;
}

export interface FileRecoveryDeps {
  readonly context: OrchestratorContext;
  readonly sessions: SessionRunner;
  readonly recoveries: LiveRecoveries;
  readonly openers: FileRoadOpeners;
  /** Rejects with `not-found` when the repository has no such point any more. */
  readonly provePoint: (point: PointRecord, signal: AbortSignal) => Promise<void>;
}

export function createFileRecoveryService(deps: FileRecoveryDeps): FileRecoveryService {
  const { context, sessions, recoveries } = deps;
  const { database } = context;
  const live = (sessionId: string): LiveRecovery => recoveries.find(sessionId) ?? refuse(view(sessionId));
  const view = (sessionId: string): FileRecovery => {
    const record = database.sessions.find(sessionId);
    if (record?.session.kind !== 'file-recovery') throw noSession();
    const input = recoveryInputSchema.parse(record.input);
    const session = sessions.withProgress(record.session);
    const point = database.points.find(input.pointId);
    return recoveryView({ session, input, point, live: recoveries.find(sessionId) });
  };
  const use = (sessionId: string): UsedRecovery => {
    const found = live(sessionId);
    void found.opened;
    return {
      sessionId,
      point: found.point,
      ended: found.ended,
      worker: found.opened.worker !== null,
      service: usedService({
        service: () => found.opened.service,
        onUse: () => found.touch(),
        explain: (error) => explainLostPoint(error, () => deps.provePoint(found.point, found.ended)),
      }),
    };
  };
  const sizes = createSelectionSizes();
  const versions = createVersionSearches(deps);
  const comparisons: Comparisons = createComparisons({ ...deps, use });
  return {
    open: (input) => startRecovery(deps, input),
    get: view,
    opened: () =>
      database.sessions.list({ kind: 'file-recovery', active: true, limit: 100 }).map(({ id }) => view(id)),
    extend: (sessionId, minutes) => new Date(live(sessionId).extend(minutes)).toISOString(),
    close: (sessionId) => {
      if (['closed', 'failed'].includes(view(sessionId).state)) return;
      const running = recoveries.find(sessionId);
      if (running) running.askToClose();
      else sessions.cancel(sessionId);
    },
    use,
    preview: (sessionId, place, signal) => previewFile(use(sessionId).service, place, signal),
    sizes: (sessionId, items) => sizes.of(use(sessionId), items),
    versions: (sessionId, place) => versions.of(use(sessionId), place),
    compare: (input) => comparisons.start(input),
    comparison: (comparisonId) => comparisons.get(comparisonId),
    share: (sessionId, request, signal) => live(sessionId).opened.share(request, signal),
    unshare: (sessionId, shareId, signal) => live(sessionId).opened.unshare(shareId, signal),
    log: (sessionId, text, details) => recoveries.find(sessionId)?.request.onLog('info', text, details),
    async shutDown() {
      await Promise.all([sizes.close(), versions.close(), comparisons.close(), recoveries.close()]);
    },
  };
}

function noSession(): AppError {
  return new AppError('not-found', { message: 'There is no such file recovery session.' });
}

function refuse(recovery: FileRecovery): never {
  const waiting = recovery.state === 'opening';
  throw new AppError('conflict', {
    message: waiting ? 'The restore point is still being opened.' : 'This file recovery session is closed.',
    hint: waiting ? 'Wait until it is open.' : 'Open the restore point again.',
    retryable: waiting,
    details: { state: recovery.state, pointId: recovery.pointId },
  });
}
