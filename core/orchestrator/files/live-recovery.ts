import { AppError, type FileRecovery, type FileVolume, toAppError } from '../../contract/index.ts';
import type { PointRecord } from '../../db/index.ts';
import type { Clock } from '../../host.ts';
import type { FileRoadOpener, OpenedFiles, RoadRequest } from './road.ts';

export interface LiveRecoveryOptions {
  readonly sessionId: string;
  readonly point: PointRecord;
  readonly accountId: string;
  readonly source: RoadRequest['source'];
  readonly idleMinutes: number;
  /** Milliseconds since the epoch; null when it has not been open yet. */
  readonly closesAt: number | null;
  readonly opener: FileRoadOpener;
  readonly clock: Clock;
  readonly onLog: RoadRequest['onLog'];
  readonly onTaken: RoadRequest['onTaken'];
  /** Something to show has changed. */
  readonly onChanged: () => void;
  /** The time at which it closes has moved; called for every use. */
  readonly onMoved: (closesAt: number) => void;
}

/** A wait never sleeps longer, so that a clock that jumps (a computer that slept) is noticed. */
const longestNapMs = 15_000;
/** What serves it hears of uses only when they put the end off by so much. */
const extendStepMs = 5_000;

/** A file recovery session while its program runs: what it has open, and when it closes by itself. */
export class LiveRecovery {
  readonly point: PointRecord;
  readonly sessionId: string;
  readonly #options: LiveRecoveryOptions;
  readonly #closeWish = new AbortController();
  /** Aborted when the session ends: background work for it stops. */
  readonly #ended = new AbortController();
  #opened: OpenedFiles | null = null;
  #volumes: readonly FileVolume[] | null = null;
  #activity = 'Waiting to be opened.';
  #closesAt: number | null;
  #extendedTo = 0;

  constructor(options: LiveRecoveryOptions) {
    this.#options = options;
    this.point = options.point;
    this.sessionId = options.sessionId;
    this.#closesAt = options.closesAt;
  }

  /** What it has open now. Throws `conflict` while it is opening or closing. */
  get opened(): OpenedFiles {
    const closing = this.closeAsked;
    if (this.#opened !== null && !closing) return this.#opened;
    throw new AppError('conflict', {
      message: closing
        ? 'This restore point is being closed.'
        : `This restore point is still being opened: ${this.#activity}`,
      hint: closing ? 'Open it again.' : 'Wait until it is open.',
      retryable: !closing,
    });
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  get isOver(): boolean {
    return this.#closesAt !== null && this.#closesAt <= this.#options.clock.now();
  }

  get shown(): Pick<FileRecovery, 'state' | 'activity' | 'closesAt' | 'volumes' | 'worker' | 'shares'> {
    const opened = this.#opened;
    const closing = this.closeAsked;
    return {
      state: closing ? 'closing' : opened === null ? 'opening' : 'open',
      activity: opened === null || closing ? this.#activity : '',
      closesAt: this.#closesAt === null ? null : new Date(this.#closesAt).toISOString(),
      volumes: this.#volumes === null ? null : [...this.#volumes],
      worker: opened?.worker ?? null,
      shares: [...(opened?.shares() ?? [])],
    };
  }

  /** Every use puts the end off by the idle time. */
  touch(): void {
    this.#moveTo(this.#options.clock.now() + this.#options.idleMinutes * 60_000);
  }

  /** Keeps it open for at least so long from now; answers when it closes. */
  extend(minutes: number): number {
    this.#moveTo(this.#options.clock.now() + minutes * 60_000);
    this.#options.onChanged();
    return this.#closesAt ?? 0;
  }

  askToClose(): void {
    if (this.closeAsked) return;
    this.#closesAt = this.#options.clock.now();
    this.#options.onMoved(this.#closesAt);
    this.#becomeClosing();
  }

  get closeAsked(): boolean {
    return this.#closeWish.signal.aborted;
  }

  /** Opens it if it is not open. */
  async open(signal: AbortSignal): Promise<void> {
    if (this.#opened !== null) return;
    const wanted = AbortSignal.any([signal, this.#closeWish.signal]);
    const opened = await this.#options.opener.open(this.request, wanted);
    try {
      this.#say('Looking for volumes.');
      this.#volumes = await opened.service.volumes(wanted);
    } catch (thrown) {
      await opened.close();
      throw thrown;
    }
    this.#opened = opened;
    this.touch();
    this.#options.onChanged();
  }

  /** Resolves when its time is over, when it is asked to close, or when what it opened was lost. */
  async serve(signal: AbortSignal): Promise<'idle' | 'closed' | 'lost'> {
    const { clock } = this.#options;
    const lost = this.#opened?.lost ?? AbortSignal.abort();
    const wake = AbortSignal.any([signal, this.#closeWish.signal, lost]);
    for (;;) {
      signal.throwIfAborted();
      if (this.closeAsked) return 'closed';
      if (this.isOver) return 'idle';
      if (lost.aborted) return 'lost';
      const left = (this.#closesAt ?? 0) - clock.now();
      await clock.sleep(Math.min(left, longestNapMs), wake).catch(() => undefined);
    }
  }

  /** Why what it had open cannot be used any more. */
  get lostBecause(): AppError {
    return toAppError(this.#opened?.lost.reason);
  }

  /** Gives back what it holds in this process; it can be opened again. */
  async release(activity: string): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    this.#say(activity);
    await opened?.close();
  }

  /** The same for good. */
  async end(): Promise<void> {
    this.#ended.abort();
    this.#becomeClosing();
    await this.release('Closing.');
  }

  get request(): RoadRequest {
    const { sessionId, point, source, accountId, onLog, onTaken } = this.#options;
    return {
      sessionId,
      point,
      source,
      accountId,
      closesAt: () => this.#closesAt ?? this.#options.clock.now() + this.#options.idleMinutes * 60_000,
      onActivity: (text) => this.#say(text),
      onLog,
      onTaken: (item) => {
        this.touch();
        onTaken(item);
      },
    };
  }

  #becomeClosing(): void {
    this.#closeWish.abort();
    this.#say('Closing.');
  }

  #say(activity: string): void {
    this.#activity = activity;
    this.#options.onChanged();
  }

  #moveTo(closesAt: number): void {
    if (this.closeAsked || (this.#closesAt !== null && closesAt <= this.#closesAt)) return;
    this.#closesAt = closesAt;
    if (closesAt - this.#extendedTo >= extendStepMs) {
      this.#extendedTo = closesAt;
      this.#opened?.extended(closesAt);
    }
    this.#options.onMoved(closesAt);
  }
}
