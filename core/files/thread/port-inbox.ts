import type { AppError } from '../../contract/index.ts';
import type { PortAnswer } from './port-messages.ts';

/** The answers to one question, in their order. */
export class PortInbox {
  readonly #answers: PortAnswer[] = [];
  #failure: AppError | undefined;
  #wake: () => void = () => undefined;

  push(answer: PortAnswer): void {
    this.#answers.push(answer);
    this.#wake();
  }

  /** No answer counts any more. */
  fail(error: AppError): void {
    this.#failure ??= error;
    this.#wake();
  }

  async next(): Promise<PortAnswer> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const answer = this.#answers.shift();
      if (answer !== undefined) return answer;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
