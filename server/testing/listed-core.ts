import {
  AppError,
  type CoreEvent,
  type ProcedureName,
  type ProcedureOutput,
  procedures,
  type Reply,
  toAppError,
} from '../../core/contract/index.ts';
import type { Core } from '../../core/host.ts';

type Answers = { readonly [N in ProcedureName]?: (input: never) => ProcedureOutput<N> };

/** A core that answers what a test lists, held to the contract on both sides; for tests of the shells alone. */
export interface ListedCore extends Core {
  emit(event: CoreEvent): void;
  readonly calls: ReadonlyArray<{ readonly name: string; readonly input: unknown }>;
  readonly closed: boolean;
  readonly listeners: number;
  /** What `openDownload` answers; by default that there is no such download. */
  download: Core['openDownload'];
}

export function createListedCore(answers: Answers): ListedCore {
  const listeners = new Set<(event: CoreEvent) => void>();
  const calls: Array<{ name: string; input: unknown }> = [];
  let closed = false;
  const answer = (name: string, input: unknown): unknown => {
    calls.push({ name, input });
    const listed = answers[name as ProcedureName] as ((input: unknown) => unknown) | undefined;
    if (listed === undefined)
      throw new AppError('not-found', { message: `There is no procedure ${name}.`, hint: '' });
    const procedure = procedures[name as ProcedureName];
    return procedure.output.parse(listed(procedure.input.parse(input)));
  };
  const dispatch = async (name: string, input: unknown): Promise<Reply> => {
    try {
      return { ok: true, value: answer(name, input) };
    } catch (error) {
      return { ok: false, error: toAppError(error).toRecord() };
    }
  };
  return {
    calls,
    get closed() {
      return closed;
    },
    get listeners() {
      return listeners.size;
    },
    dispatch,
    call: async <N extends ProcedureName>(name: N, input: unknown) =>
      answer(name, input) as ProcedureOutput<N>,
    download: async () => {
      throw new AppError('not-found', { message: 'There is no such download.' });
    },
    openDownload(downloadId, range, signal) {
      return this.download(downloadId, range, signal);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    close: async () => {
      closed = true;
    },
  };
}
