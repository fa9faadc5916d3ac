import type { FileSelection, FileSizes } from '../../contract/index.ts';
import type { UsedRecovery } from './file-recovery-service.ts';

/** How much selections take along, counted in the background. */
export interface SelectionSizes {
  /** What is counted now; begins when nobody has asked for this selection, and gives up the session's former one. */
  of(recovery: Pick<UsedRecovery, 'service' | 'ended'>, items: FileSelection): FileSizes;
  close(): Promise<void>;
}

interface Counting {
  readonly key: string;
  readonly stopped: AbortController;
  sizes: FileSizes;
  done: Promise<void>;
}

const begun: FileSizes = { state: 'counting', files: 0, folders: 0, bytes: 0 };

export function createSelectionSizes(): SelectionSizes {
  /** One per session: an operator looks at one selection at a time. */
  const sessions = new WeakMap<AbortSignal, Counting>();
  const running = new Set<Counting>();
  const start = (recovery: Pick<UsedRecovery, 'service' | 'ended'>, items: FileSelection, key: string) => {
    const counting: Counting = {
      key,
      stopped: new AbortController(),
      sizes: begun,
      done: Promise.resolve(),
    };
    running.add(counting);
    counting.done = count(recovery, items, counting).finally(() => running.delete(counting));
    return counting;
  };
  return {
    of(recovery, items) {
      const key = JSON.stringify(items);
      const known = sessions.get(recovery.ended);
      if (known?.key === key) return known.sizes;
      known?.stopped.abort();
      const counting = start(recovery, items, key);
      sessions.set(recovery.ended, counting);
      return counting.sizes;
    },
    async close() {
      for (const { stopped } of running) stopped.abort();
      await Promise.all([...running].map(({ done }) => done));
    },
  };
}

/** Never rejects: what could not be counted is said in the sizes. */
async function count(
  { service, ended }: Pick<UsedRecovery, 'service' | 'ended'>,
  items: FileSelection,
  counting: Counting,
): Promise<void> {
  const signal = AbortSignal.any([ended, counting.stopped.signal]);
  let { files, folders, bytes } = begun;
  try {
    for await (const batch of service.walk(items, signal)) {
      for (const { kind, sizeBytes } of batch) {
        if (kind === 'directory') folders += 1;
        else files += 1;
        if (kind === 'file') bytes += sizeBytes;
      }
      counting.sizes = { state: 'counting', files, folders, bytes };
    }
    counting.sizes = { state: 'done', files, folders, bytes };
  } catch {
    counting.sizes = { state: 'failed', files, folders, bytes };
  }
}
