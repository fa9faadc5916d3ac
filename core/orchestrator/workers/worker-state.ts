import { z } from 'zod';
import { taskResultSchema, type WorkerProgress, workerProgressSchema } from '../../contract/index.ts';
import type { RandomBytes, SecretStore } from '../../host.ts';

/**
 * What core must know to take up a worker again after a crash. Holds the worker's one-time token, so it lives in the
 * host's secret store. Written before the step that it describes.
 */
const workerStateSchema = z.object({
  attempt: z.int().min(1),
  /** Base64, 32 bytes. */
  token: z.string(),
  /** Base64; null until the worker has said hello. */
  publicKey: z.string().nullable(),
  /** Number of the task message; null until it is to be sent. */
  taskSeq: z.int().nullable(),
  progress: workerProgressSchema.nullable(),
  /** The task is done; only clearing up may be left. */
  result: taskResultSchema.nullable(),
});
export type WorkerState = z.infer<typeof workerStateSchema>;

export interface WorkerStateStore {
  load(): Promise<WorkerState | null>;
  save(state: WorkerState): Promise<void>;
  clear(): Promise<void>;
}

export function workerStateStore(
  secrets: SecretStore,
  worker: { readonly sessionId: string; readonly purpose: string },
): WorkerStateStore {
  const key = `worker/${worker.sessionId}/${worker.purpose}`;
  return {
    async load() {
      const text = await secrets.get(key);
      if (text === null) return null;
      const parsed = workerStateSchema.safeParse(parseJson(text));
      return parsed.success ? parsed.data : null;
    },
    save: (state) => secrets.set(key, JSON.stringify(state)),
    clear: () => secrets.delete(key),
  };
}

/** The state of a worker that is about to be launched. `progress` is what an earlier one had done. */
export function freshState(
  attempt: number,
  progress: WorkerProgress | null,
  random: RandomBytes,
): WorkerState {
  return {
    attempt,
    token: Buffer.from(random(32)).toString('base64'),
    publicKey: null,
    taskSeq: null,
    progress,
    result: null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
