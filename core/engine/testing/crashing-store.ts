import { AppError } from '../../contract/index.ts';
import type { BlobBody, BlobInfo, BlobStore } from '../blob-store.ts';
import { joinBody } from '../stores/blob-body.ts';

/** What becomes of the call during which the process dies. */
export const crashModes = ['lost', 'unacknowledged', 'torn', 'late'] as const;
export type CrashMode = (typeof crashModes)[number];

export interface CrashingStore extends BlobStore {
  /** Calls that change something, so far. */
  readonly changes: number;
  readonly crashed: boolean;
  /** In mode `late`, carries out the last call, after the death of its caller. */
  settle(): Promise<void>;
}

/** Dies at the given change: that call fares as `mode` says, and every later call of any kind fails. */
export function crashingStore(inner: BlobStore, diesAt: number, mode: CrashMode): CrashingStore {
  let changes = 0;
  let crashed = false;
  let late: (() => Promise<void>) | undefined;

  function alive(): void {
    if (crashed) throw new AppError('unreachable', { message: 'The process is dead.' });
  }

  async function change(work: () => Promise<void>, torn: () => Promise<void>): Promise<void> {
    alive();
    if (changes++ !== diesAt) return work();
    crashed = true;
    if (mode === 'unacknowledged') await work();
    if (mode === 'torn') await torn();
    if (mode === 'late') late = work;
    alive();
  }

  async function* list(prefix: string, signal?: AbortSignal): AsyncGenerator<BlobInfo> {
    for await (const info of inner.list(prefix, signal)) {
      alive();
      yield info;
    }
    alive();
  }

  return {
    get changes() {
      return changes;
    },
    get crashed() {
      return crashed;
    },
    async settle() {
      await late?.();
    },
    put: (name, body: BlobBody) =>
      change(
        () => inner.put(name, body),
        () => inner.put(name, half(body)),
      ),
    delete: (name) =>
      change(
        () => inner.delete(name),
        async () => undefined,
      ),
    async get(name, range, signal) {
      alive();
      return inner.get(name, range, signal);
    },
    async head(name, signal) {
      alive();
      return inner.head(name, signal);
    },
    list,
  };
}

function half(body: BlobBody): Uint8Array {
  const bytes = joinBody(body);
  return bytes.subarray(0, bytes.length >> 1);
}
