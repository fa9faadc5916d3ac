import type { Download, ErrorRecord } from '../../../contract/index.ts';
import { secondsLeft, speedMeter } from '../../../domain/index.ts';
import { isoNow, type OrchestratorContext } from '../../context.ts';
import { pacedEvent } from '../../sessions/index.ts';

/** Told at most twice a second; what is done so far is stored every few seconds. */
const tellPeriodMs = 500;
const storePeriodMs = 5_000;
/** Of problems and renamed names so many are kept. */
const keptNotes = 100;

export type EndState = 'done' | 'failed' | 'cancelled';

/** A download that has not ended: the one place that changes it, stores the change and tells the listeners. */
export interface LiveDownload {
  readonly value: Download;
  /** Durable when it returns. */
  change(patch: Partial<Download>): void;
  /** Counts from the beginning of the download. */
  advance(done: { readonly bytes: number; readonly files: number }): void;
  problem(path: string, reason: string): void;
  renamed(from: string, to: string): void;
  /** It does not run any more, and has not ended. */
  rest(state: 'waiting' | 'paused', error: ErrorRecord | null): void;
  end(state: EndState, patch: Partial<Download>): void;
}

export function liveDownload(stored: Download, context: OrchestratorContext): LiveDownload {
  const { database, events, host } = context;
  let download = stored;
  let storedAt = host.clock.now();
  const meter = speedMeter();
  const told = pacedEvent(host.clock, tellPeriodMs, () => events.changed('download', download.id));
  const store = (patch: Partial<Download>): void => {
    download = { ...download, ...patch };
    storedAt = host.clock.now();
    database.downloads.save({ ...download, bytesPerSecond: 0, secondsLeft: null });
  };
  const change = (patch: Partial<Download>): void => {
    store(patch);
    told.request();
  };
  return {
    get value() {
      return download;
    },
    change,
    advance({ bytes, files }) {
      const now = host.clock.now();
      const bytesPerSecond = meter.measure(bytes, now);
      const totalBytes = download.totalBytes;
      const left = secondsLeft(totalBytes, bytes, bytesPerSecond);
      download = { ...download, doneBytes: bytes, doneFiles: files, bytesPerSecond, secondsLeft: left };
      if (now - storedAt >= storePeriodMs) store({});
      told.request();
    },
    problem(path, reason) {
      if (download.problems.length < keptNotes)
        download = { ...download, problems: [...download.problems, { path, reason }] };
    },
    renamed(from, to) {
      if (download.renamed.length < keptNotes)
        download = { ...download, renamed: [...download.renamed, { from, to }] };
    },
    rest(state, error) {
      change({ state, error, ...still });
      told.flush();
    },
    end(state, patch) {
      change({ error: null, ...patch, state, endedAt: isoNow(context), ...still });
      told.flush();
    },
  };
}

const still = { bytesPerSecond: 0, secondsLeft: null };
