import {
  AppError,
  type CoreEvent,
  isProcedureName,
  type ParsedInput,
  type ProcedureName,
  type ProcedureOutput,
  procedures,
  type Reply,
} from '../../core/contract/index.ts';
import type { Carrier, CarrierListener } from '../api/index.ts';

export type Answers = { readonly [N in ProcedureName]?: (input: ParsedInput<N>) => ProcedureOutput<N> };

export interface AnsweringCarrier extends Carrier {
  /** Every call so far, oldest first. */
  readonly calls: { readonly name: string; readonly input: unknown }[];
  push(event: CoreEvent): void;
  connection(state: 'open' | 'lost'): void;
}

/** A carrier that gives built answers. Inputs and answers are checked against the contract, as core would. */
export function createAnsweringCarrier(answers: Answers, delay = 0): AnsweringCarrier {
  const listeners = new Set<CarrierListener>();
  const calls: { name: string; input: unknown }[] = [];
  return {
    calls,
    async call(name, input) {
      calls.push({ name, input });
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
      return answer(answers, name, input);
    },
    subscribe(listener) {
      listeners.add(listener);
      listener.onConnection('open');
      return () => listeners.delete(listener);
    },
    push(event) {
      for (const listener of listeners) listener.onEvent(event);
    },
    connection(state) {
      for (const listener of listeners) listener.onConnection(state);
    },
  };
}

function answer(answers: Answers, name: string, input: unknown): Reply {
  try {
    if (!isProcedureName(name))
      throw new AppError('not-found', { message: `No procedure is called ${name}.` });
    const parsed = procedures[name].input.parse(input);
    const handler = answers[name] as ((input: unknown) => unknown) | undefined;
    if (handler === undefined)
      throw new AppError('not-supported', { message: `No answer was built for ${name}.` });
    return { ok: true, value: procedures[name].output.parse(handler(parsed)) };
  } catch (thrown) {
    const error =
      thrown instanceof AppError ? thrown : new AppError('invalid-input', { message: String(thrown) });
    return { ok: false, error: error.toRecord() };
  }
}
