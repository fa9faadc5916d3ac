import type { FilePlace, FileShare, FileSource, LogEntry, TakenItem } from '../../contract/index.ts';
import type { PointRecord } from '../../db/index.ts';
import type { FileService } from '../../files/index.ts';

/** One way of opening restore points for their files: core itself (`direct`), or a worker near the data (`worker`). */
export interface FileRoadOpener {
  /**
   * Opens a point; may take minutes and says what it is doing. Asked again for the same session (after a restart of core, or
   * when what it opened was lost) it takes up what is still there. Throws AppError; a `retryable` one is tried again.
   */
  open(request: RoadRequest, signal: AbortSignal): Promise<OpenedFiles>;
  /** Removes everything that `open` made outside this process for a session. Idempotent; also after a crash. */
  remove(request: RoadRequest, signal: AbortSignal): Promise<void>;
}

export interface RoadRequest {
  readonly sessionId: string;
  readonly point: PointRecord;
  readonly source: FileSource;
  /** The account that may reach the machine's subscription, and the repository's where it has no machine any more. */
  readonly accountId: string;
  /** Memory for unpacked blocks where core reads them itself, in bytes. Default 128 MiB. */
  readonly cacheBytes?: number;
  /** Milliseconds since the epoch when the session closes itself, as known now; later uses move it. */
  readonly closesAt: () => number;
  /** What is being done, one sentence; shown while it opens. */
  readonly onActivity: (text: string) => void;
  readonly onLog: (
    level: LogEntry['level'],
    text: string,
    details?: Readonly<Record<string, string>>,
  ) => void;
  /** Something was taken over a share link; `by` names the link. Counts as a use. */
  readonly onTaken: (item: SharedItem) => void;
}

/** What a road reports of an item that left over it without core's doing. */
export type SharedItem = Pick<
  TakenItem,
  'by' | 'volumeId' | 'path' | 'target' | 'files' | 'bytes' | 'sha256' | 'outcome'
>;

/** An open restore point on one road. */
export interface OpenedFiles {
  readonly service: FileService;
  readonly worker: { readonly address: string; readonly fingerprint: string; readonly region: string } | null;
  /** Aborted, with an AppError as its reason, when it cannot serve any more (a dead thread, a lost worker); then it is opened again. */
  readonly lost: AbortSignal;
  /** Links that work now; without their secret. */
  shares(): readonly FileShare[];
  /** Throws `not-supported` on roads without links. */
  share(request: ShareRequest, signal: AbortSignal): Promise<FileShare>;
  unshare(shareId: string, signal: AbortSignal): Promise<void>;
  /** Told after a use moved the time at which the session closes itself, at most every few seconds. */
  extended(closesAt: number): void;
  /** Ends what runs in this process; what is outside stays until `remove`. Never rejects. */
  close(): Promise<void>;
}

export interface ShareRequest {
  readonly minutes: number;
  readonly scope: FilePlace | null;
}
