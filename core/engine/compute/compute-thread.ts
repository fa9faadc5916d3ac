import { Worker } from 'node:worker_threads';
import { AppError } from '../../contract/index.ts';
import type { ThreadOptions } from '../model.ts';
import type { ComputeRequest, ComputeResults, ComputeSetup } from './protocol.ts';
import { transferablesOf } from './transferables.ts';

interface Pending {
  resolve(result: ComputeResults[ComputeRequest['op']]): void;
  reject(error: AppError): void;
}

interface ThreadReply {
  readonly call: number;
  readonly result?: ComputeResults[ComputeRequest['op']];
  readonly error?: string;
}

/** One thread. It loads its code at once and can be asked for work when it has been set up. */
export class ComputeThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #calls = 0;
  #failure: AppError | undefined;

  constructor(url: URL) {
    this.#worker = new Worker(url);
    this.#worker.on('message', (reply: ThreadReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#fail(threadFailed(error.message, error)));
    this.#worker.on('exit', () => this.#fail(threadFailed('it stopped')));
    this.#worker.unref();
  }

  /** Hands the keys over; before anything else, and once. */
  setUp(setup: ComputeSetup): void {
    this.#worker.postMessage(setup);
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

export const defaultThreads = 2;

/** As many as the options say; none where the work is done on the calling thread. */
export function startThreads(options: ThreadOptions): readonly ComputeThread[] {
  const entry = options.threadUrl ?? new URL('./thread.ts', import.meta.url);
  return Array.from({ length: options.threads ?? defaultThreads }, () => new ComputeThread(entry));
}

export async function stopThreads(threads: readonly ComputeThread[]): Promise<void> {
  await Promise.all(threads.map((thread) => thread.stop()));
}

export function threadFailed(reason: string, cause?: unknown): AppError {
  return new AppError('internal', {
    message: `A compute thread of the engine failed: ${reason}.`,
    hint: 'Run the operation again; if it fails the same way, report it with the session log.',
    cause,
  });
}
