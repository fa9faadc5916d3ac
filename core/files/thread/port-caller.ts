import { AppError } from '../../contract/index.ts';
import { cancelled } from '../service/abortable.ts';
import { PortInbox } from './port-inbox.ts';
import type { Port, PortAnswer, PortQuestion } from './port-messages.ts';

/** Pieces of a stream that may be under way. */
const CREDIT = 4;

interface Asked {
  readonly inbox: PortInbox;
  /** Forgets the question; `open`: the other side is still at it. */
  leave(open: boolean): void;
}

/** The asking side of a port. */
export class PortCaller {
  readonly #port: Port;
  readonly #onBusy: (busy: boolean) => void;
  readonly #inboxes = new Map<number, PortInbox>();
  #last = 0;
  #failure: AppError | undefined;

  /** `onBusy` is told when the first question waits for an answer, and when none does any more. */
  constructor(port: Port, onBusy: (busy: boolean) => void = () => undefined) {
    this.#port = port;
    this.#onBusy = onBusy;
  }

  /** An answer from the other side; one that nobody waits for is dropped. */
  take(answer: PortAnswer): void {
    this.#inboxes.get(answer.id)?.push(answer);
  }

  /** Ends everything that waits, and everything asked from now on, with this error. */
  fail(error: AppError): void {
    this.#failure ??= error;
    for (const inbox of this.#inboxes.values()) inbox.fail(this.#failure);
  }

  async call(method: string, argument: unknown, signal?: AbortSignal): Promise<unknown> {
    const asked = this.#ask((id) => ({ kind: 'call', id, method, argument }), signal);
    let open = true;
    try {
      const answer = await asked.inbox.next();
      open = false;
      if (answer.kind === 'error') throw AppError.fromRecord(answer.error);
      return answer.kind === 'result' ? answer.value : undefined;
    } finally {
      asked.leave(open);
    }
  }

  async *stream(method: string, argument: unknown, signal?: AbortSignal): AsyncGenerator<unknown> {
    const asked = this.#ask((id) => ({ kind: 'stream', id, method, argument, credit: CREDIT }), signal);
    let open = true;
    try {
      for (;;) {
        const answer = await asked.inbox.next();
        open = answer.kind === 'piece';
        if (answer.kind === 'error') throw AppError.fromRecord(answer.error);
        if (answer.kind !== 'piece') return;
        yield answer.value;
        this.#port.postMessage({ kind: 'credit', id: answer.id });
      }
    } finally {
      asked.leave(open);
    }
  }

  #ask(question: (id: number) => PortQuestion, signal: AbortSignal | undefined): Asked {
    if (this.#failure !== undefined) throw this.#failure;
    if (signal?.aborted) throw cancelled();
    const id = ++this.#last;
    const inbox = new PortInbox();
    const stop = () => inbox.fail(cancelled());
    this.#inboxes.set(id, inbox);
    if (this.#inboxes.size === 1) this.#onBusy(true);
    signal?.addEventListener('abort', stop, { once: true });
    this.#port.postMessage(question(id));
    const leave = (open: boolean) => {
      signal?.removeEventListener('abort', stop);
      this.#inboxes.delete(id);
      if (this.#inboxes.size === 0) this.#onBusy(false);
      if (open) this.#port.postMessage({ kind: 'stop', id });
    };
    return { inbox, leave };
  }
}
