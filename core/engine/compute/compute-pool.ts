import type { ThreadOptions } from '../model.ts';
import { BlockWorker } from './block-worker.ts';
import {
  type ComputeThread,
  defaultThreads,
  startThreads,
  stopThreads,
  threadFailed,
} from './compute-thread.ts';
import type { ComputeRequest, ResultOf } from './protocol.ts';

/** Sends CPU work to threads. Buffers of requests change hands: the caller must not use them afterwards. */
export interface ComputePool {
  readonly lanes: number;
  /** The lane with the least work waiting. */
  idlestLane(): number;
  /** A number for a job, different from those of all other jobs, whichever backup they belong to. */
  nextJob(): number;
  run<R extends ComputeRequest>(lane: number, request: R): Promise<ResultOf<R>>;
  close(): Promise<void>;
}

/** Threads are started by the first request, unless some that `startThreads` gave are ready. */
export function createComputePool(
  dataKey: Uint8Array,
  options: ThreadOptions,
  ready?: readonly ComputeThread[],
): ComputePool {
  return options.threads === 0 ? inlinePool(dataKey) : threadPool(dataKey, options, ready);
}

function inlinePool(dataKey: Uint8Array): ComputePool {
  const worker = new BlockWorker({ dataKey, threadIndex: 0, threadCount: 1 });
  let jobs = 0;
  return {
    lanes: 1,
    idlestLane: () => 0,
    nextJob: () => jobs++,
    run: async <R extends ComputeRequest>(_lane: number, request: R) => worker.handle(request) as ResultOf<R>,
    close: async () => undefined,
  };
}

function threadPool(
  dataKey: Uint8Array,
  options: ThreadOptions,
  ready: readonly ComputeThread[] | undefined,
): ComputePool {
  const lanes = options.threads ?? defaultThreads;
  let threads = ready && setUp(ready, dataKey);
  const started = () => {
    threads ??= setUp(startThreads(options), dataKey);
    return threads;
  };
  let jobs = 0;
  return {
    lanes,
    nextJob: () => jobs++,
    idlestLane() {
      const waiting = started().map((thread) => thread.waiting);
      return waiting.indexOf(Math.min(...waiting));
    },
    async run<R extends ComputeRequest>(lane: number, request: R) {
      const thread = started()[lane];
      if (thread === undefined) throw threadFailed('there is no such lane');
      return (await thread.run(request)) as ResultOf<R>;
    },
    async close() {
      await stopThreads(threads ?? []);
    },
  };
}

function setUp(threads: readonly ComputeThread[], dataKey: Uint8Array): readonly ComputeThread[] {
  for (const [threadIndex, thread] of threads.entries()) {
    thread.setUp({ dataKey, threadIndex, threadCount: threads.length });
  }
  return threads;
}
