import { Worker } from 'node:worker_threads';
import { AppError } from '../../contract/index.ts';
import type { ThreadOptions } from '../model.ts';
import { BlockWorker } from './block-worker.ts';
import type { ComputeRequest, ComputeResults, ResultOf } from './protocol.ts';
import { transferablesOf } from './transferables.ts';

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

const defaultThreads = 2;

/** Threads are started by the first request. */
export function createComputePool(dataKey: Uint8Array, options: ThreadOptions): ComputePool {
  const threads = options.threads ?? defaultThreads;
  return threads === 0 ? inlinePool(dataKey) : threadPool(dataKey, threads, options.threadUrl);
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

interface Pending {
  resolve(result: ComputeResults[ComputeRequest['op']]): void;
  reject(error: AppError): void;
}

interface ThreadReply {
  readonly call: number;
  readonly result?: ComputeResults[ComputeRequest['op']];
  readonly error?: string;
}

class ComputeThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #calls = 0;
  #failure: AppError | undefined;

  constructor(url: URL, setup: { dataKey: Uint8Array; threadIndex: number; threadCount: number }) {
    this.#worker = new Worker(url, { workerData: setup });
    this.#worker.on('message', (reply: ThreadReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#fail(threadFailed(error.message, error)));
    this.#worker.on('exit', () => this.#fail(threadFailed('it stopped')));
    this.#worker.unref();
  }

  get waiting(): number {
    return this.#pending.size;
  }

  run(request: ComputeRequest): Promise<ComputeResults[ComputeRequest['op']]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const call = this.#calls++;
    const reply = new Promise<ComputeResults[ComputeRequest['op']]>((resolve, reject) => {
      this.#pending.set(call, { resolve, reject });
    });
    this.#worker.ref();
    this.#worker.postMessage({ call, request }, transferablesOf(request));
    return reply;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(reply: ThreadReply): void {
    const pending = this.#pending.get(reply.call);
    this.#pending.delete(reply.call);
    if (this.#pending.size === 0) this.#worker.unref();
    if (reply.result === undefined) pending?.reject(threadFailed(reply.error ?? 'it gave no answer'));
    else pending?.resolve(reply.result);
  }

  #fail(error: AppError): void {
    this.#failure ??= error;
    for (const pending of this.#pending.values()) pending.reject(this.#failure);
    this.#pending.clear();
  }
}

function threadPool(dataKey: Uint8Array, count: number, url?: URL): ComputePool {
  let threads: ComputeThread[] | undefined;
  const entry = url ?? new URL('./thread.ts', import.meta.url);
  const started = () => {
    threads ??= Array.from(
      { length: count },
      (_, threadIndex) => new ComputeThread(entry, { dataKey, threadIndex, threadCount: count }),
    );
    return threads;
  };
  let jobs = 0;
  return {
    lanes: count,
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
      await Promise.all((threads ?? []).map((thread) => thread.stop()));
    },
  };
}

function threadFailed(reason: string, cause?: unknown): AppError {
  return new AppError('internal', {
    message: `A compute thread of the engine failed: ${reason}.`,
    hint: 'Run the operation again; if it fails the same way, report it with the session log.',
    cause,
  });
}
