import { Worker } from 'node:worker_threads';
import { AppError } from '../../contract/index.ts';
import { serviceClosed } from '../file-errors.ts';
import { PortAnswerer, type PortHandlers } from './port-answerer.ts';
import { PortCaller } from './port-caller.ts';
import { isAnswer, type PortMessage } from './port-messages.ts';
import type { ThreadSetup } from './thread-setup.ts';

export interface FilesThreadOptions {
  readonly setup: ThreadSetup;
  /** What the thread reads through this side. */
  readonly handlers: PortHandlers;
  /** The thread's entry. Default: the source file beside this one; a bundle passes its own. */
  readonly threadUrl: URL | undefined;
  /** Memory for objects of the thread, in MiB; beyond it the thread dies, and nothing else. */
  readonly memoryMib: number;
  /** Called once when the thread dies without being closed. */
  readonly onLost: ((error: AppError) => void) | undefined;
}

/** How long a thread may take to end by itself, in milliseconds. */
const CLOSING_TIME = 5_000;

/** The caller's side of the thread. A thread that died answers every call with the same error. */
export class FilesThread {
  readonly #worker: Worker;
  readonly #caller: PortCaller;
  readonly #answerer: PortAnswerer;
  #closing: Promise<void> | undefined;
  #onLost: ((error: AppError) => void) | undefined;

  constructor(options: FilesThreadOptions) {
    const entry = options.threadUrl ?? new URL('./files-thread.ts', import.meta.url);
    const worker = new Worker(entry, {
      workerData: options.setup,
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMib },
    });
    this.#worker = worker;
    this.#onLost = options.onLost;
    // Only a call that waits keeps the process alive.
    this.#caller = new PortCaller(worker, (busy) => (busy ? worker.ref() : worker.unref()));
    this.#answerer = new PortAnswerer(worker, options.handlers);
    worker.on('message', (message: PortMessage) => this.#take(message));
    worker.on('error', (error: Error) => this.#fail(threadFailed(error.message, error)));
    worker.on('exit', () =>
      this.#fail(this.#closing === undefined ? threadFailed('it ended') : serviceClosed()),
    );
    worker.unref();
  }

  call(method: string, argument: unknown, signal: AbortSignal): Promise<unknown> {
    if (this.#closing !== undefined) return Promise.reject(serviceClosed());
    return this.#caller.call(method, argument, signal);
  }

  async *stream(method: string, argument: unknown, signal: AbortSignal): AsyncGenerator<unknown> {
    if (this.#closing !== undefined) throw serviceClosed();
    yield* this.#caller.stream(method, argument, signal);
  }

  /** Lets the thread close its disks; one that does not answer is ended. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#caller.call('close', undefined, AbortSignal.timeout(CLOSING_TIME)).catch(() => undefined);
    await this.#worker.terminate();
    this.#fail(serviceClosed());
  }

  #take(message: PortMessage): void {
    if (isAnswer(message)) this.#caller.take(message);
    else this.#answerer.take(message);
  }

  #fail(error: AppError): void {
    this.#answerer.stop();
    this.#caller.fail(error);
    if (this.#closing === undefined) this.#onLost?.(error);
    this.#onLost = undefined;
  }
}

function threadFailed(reason: string, cause?: unknown): AppError {
  return new AppError('internal', {
    message: `Reading the files of this restore point failed: the thread that does it stopped (${reason}).`,
    hint: 'Open the restore point again. A disk that makes it fail each time can be restored as a whole.',
    retryable: true,
    details: { reason },
    cause,
  });
}
