import type { z } from 'zod';
import { AppError, type LogEntry, type SessionKind, type SessionResult } from '../../contract/index.ts';
import type { Program, ProgressBytes, Run } from '../../workloads/index.ts';

/** A program with its types hidden, as the runner's table keeps it. */
export interface AnyProgram {
  readonly kind: SessionKind;
  readonly workload: string | null;
  /** Does not count against the sessions that run at the same time. */
  readonly unlimited: boolean;
  stepTitles(input: unknown): readonly { readonly key: string; readonly title: string }[];
  /** Binds a session's stored input and memory; throws `damaged` when they do not fit. */
  bind(stored: { readonly input: unknown; readonly memory: unknown }, host: RunHost): BoundProgram;
}

/** What the runner offers to a bound program. */
export interface RunHost {
  readonly sessionId: string;
  save(memory: unknown): void;
  log(level: LogEntry['level'], text: string, details?: Readonly<Record<string, string>>): void;
  progress(bytes: ProgressBytes): void;
}

export interface BoundProgram {
  readonly steps: readonly {
    readonly key: string;
    readonly skip: () => boolean;
    readonly run: (signal: AbortSignal) => Promise<void>;
  }[];
  cleanUp(signal: AbortSignal): Promise<void>;
  result(): SessionResult;
  ended(signal: AbortSignal): Promise<void>;
}

/** Hides a program's types, so that programs of all kinds fit into one table. */
export function defineProgram<Input, Memory extends object>(program: Program<Input, Memory>): AnyProgram {
  return {
    kind: program.kind,
    workload: program.workload,
    unlimited: program.unlimited ?? false,
    stepTitles: (input) =>
      program.steps(program.inputSchema.parse(input)).map(({ key, title }) => ({ key, title })),
    bind(stored, host) {
      const input = readStored(program.inputSchema, stored.input);
      let memory = readStored(program.memorySchema, stored.memory);
      const runWith = (signal: AbortSignal): Run<Input, Memory> => ({
        sessionId: host.sessionId,
        input,
        get memory() {
          return memory;
        },
        signal,
        remember(patch) {
          memory = { ...memory, ...patch };
          host.save(memory);
        },
        log: host.log,
        progress: host.progress,
      });
      const idle = runWith(AbortSignal.abort());
      return {
        steps: program.steps(input).map((step) => ({
          key: step.key,
          skip: () => step.skip?.(idle) ?? false,
          run: (signal) => step.run(runWith(signal)),
        })),
        cleanUp: (signal) => program.cleanUp(runWith(signal)),
        result: () => program.result(idle),
        ended: async (signal) => program.ended?.(runWith(signal)),
      };
    },
  };
}

function readStored<T>(schema: z.ZodType<T>, stored: unknown): T {
  const parsed = schema.safeParse(stored);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('damaged', {
    message: 'What this session had stored about itself cannot be read, so it cannot go on.',
    hint: 'Start the operation again; what the session had made in Azure is removed.',
    details: { field: issue?.path.map(String).join('.') ?? '', reason: issue?.message ?? '' },
  });
}
