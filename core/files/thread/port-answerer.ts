import { toAppError } from '../../contract/index.ts';
import { cancelled } from '../service/abortable.ts';
import type { Outgoing, Port, PortQuestion } from './port-messages.ts';

/** What one side does for the other. Arguments come from our own code, so their shapes are not checked again. */
export interface PortHandlers {
  readonly calls: Readonly<Record<string, (argument: never, signal: AbortSignal) => Promise<Outgoing>>>;
  readonly streams: Readonly<
    Record<string, (argument: never, signal: AbortSignal) => AsyncIterable<Outgoing>>
  >;
}

/** The answering side of a port. */
export class PortAnswerer {
  readonly #port: Port;
  readonly #handlers: PortHandlers;
  readonly #working = new Map<number, Work>();

  constructor(port: Port, handlers: PortHandlers) {
    this.#port = port;
    this.#handlers = handlers;
  }

  take(question: PortQuestion): void {
    if (question.kind === 'credit') this.#working.get(question.id)?.addCredit();
    else if (question.kind === 'stop') this.#working.get(question.id)?.stop();
    else void this.#answer(question);
  }

  /** Stops all work, because the other side is gone. */
  stop(): void {
    for (const work of this.#working.values()) work.stop();
  }

  async #answer(question: PortQuestion & { kind: 'call' | 'stream' }): Promise<void> {
    const { id, method, argument } = question;
    const work = new Work(question.kind === 'stream' ? question.credit : 0);
    this.#working.set(id, work);
    try {
      if (question.kind === 'call') {
        const handler = this.#handlers.calls[method] ?? refuse;
        this.#post('result', id, await handler(argument as never, work.signal));
      } else {
        const handler = this.#handlers.streams[method] ?? refuse;
        for await (const piece of await handler(argument as never, work.signal)) {
          await work.spendCredit();
          this.#post('piece', id, piece);
        }
        this.#port.postMessage({ kind: 'end', id });
      }
    } catch (thrown) {
      this.#port.postMessage({ kind: 'error', id, error: toAppError(thrown).toRecord() });
    } finally {
      this.#working.delete(id);
    }
  }

  #post(kind: 'result' | 'piece', id: number, { value, transfer }: Outgoing): void {
    this.#port.postMessage({ kind, id, value }, transfer);
  }
}

/** One question being answered. */
class Work {
  readonly #stopping = new AbortController();
  #credit: number;
  #wake: () => void = () => undefined;

  constructor(credit: number) {
    this.#credit = credit;
  }

  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  addCredit(): void {
    this.#credit++;
    this.#wake();
  }

  stop(): void {
    this.#stopping.abort();
    this.#wake();
  }

  /** Waits until one more piece is wanted. */
  async spendCredit(): Promise<void> {
    while (this.#credit === 0 && !this.signal.aborted)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (this.signal.aborted) throw cancelled();
    this.#credit--;
  }
}

function refuse(): never {
  throw new Error('The other side does not do that.');
}
