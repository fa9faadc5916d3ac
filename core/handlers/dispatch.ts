import {
  AppError,
  isProcedureName,
  type ProcedureName,
  procedures,
  type Reply,
  toAppError,
} from '../contract/index.ts';
import type { Handlers } from './handler.ts';

export type Dispatch = (name: string, input: unknown, signal?: AbortSignal) => Promise<Reply>;

/** Checks the procedure's name and its input, runs it, and puts whatever happens into a reply. Never rejects. */
export function createDispatch(handlers: Handlers, ended: AbortSignal): Dispatch {
  return async (name, input, signal) => {
    try {
      if (ended.aborted) throw closed();
      if (!isProcedureName(name)) throw unknownProcedure(name);
      const parsed = parseInput(name, input);
      const combined = signal ? AbortSignal.any([signal, ended]) : ended;
      return { ok: true, value: await run(handlers, name, { parsed, signal: combined }) };
    } catch (error) {
      return { ok: false, error: toAppError(error).toRecord() };
    }
  };
}

/** The name was checked and the input parsed by that name's schema, which is what makes this call well typed. */
function run(
  handlers: Handlers,
  name: ProcedureName,
  call: { readonly parsed: unknown; readonly signal: AbortSignal },
): unknown {
  const handler = handlers[name] as (input: unknown, signal: AbortSignal) => unknown;
  return handler(call.parsed, call.signal);
}

function parseInput(name: ProcedureName, input: unknown): unknown {
  const parsed = procedures[name].input.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  throw new AppError('invalid-input', {
    message: field === '' ? `The request is not valid: ${issue?.message}.` : `${field}: ${issue?.message}.`,
    hint: 'Correct the field and try again.',
    details: { field, procedure: name },
  });
}

function unknownProcedure(name: string): AppError {
  return new AppError('invalid-input', {
    message: 'There is no such procedure.',
    hint: 'This core may be older than the program that calls it.',
    details: { procedure: name.slice(0, 100) },
  });
}

function closed(): AppError {
  return new AppError('cancelled', { message: 'Cairn is closing.', hint: 'Start it again.' });
}
