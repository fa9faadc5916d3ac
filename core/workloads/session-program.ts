import type { z } from 'zod';
import type { LogEntry, SessionKind, SessionResult } from '../contract/index.ts';

/** One running session as its steps see it. */
export interface Run<Input, Memory> {
  readonly sessionId: string;
  readonly input: Input;
  /** What the steps have found out so far; survives a crash. */
  readonly memory: Memory;
  /** Aborted when the operator cancels or core stops. */
  readonly signal: AbortSignal;
  /** Durable before it returns: what a step is going to create is remembered before it is created. */
  remember(patch: Partial<Memory>): void;
  /** A sentence for the operator. */
  log(level: LogEntry['level'], text: string, details?: Readonly<Record<string, string>>): void;
  progress(bytes: ProgressBytes): void;
}

export interface ProgressBytes {
  readonly totalBytes: number;
  readonly doneBytes: number;
  readonly storedBytes: number;
}

export interface ProgramStep<Input, Memory> {
  /** Stable, kebab-case; stored. */
  readonly key: string;
  readonly title: string;
  /**
   * Must be idempotent: after a crash, and after a failure that may pass, it runs again from its start with what it
   * remembered. Throws AppError; a `retryable` one is tried again a few times.
   */
  run(run: Run<Input, Memory>): Promise<void>;
  /** A step that has nothing to do is shown as skipped. */
  skip?(run: Run<Input, Memory>): boolean;
}

/** How sessions of one kind run. */
export interface Program<Input, Memory> {
  readonly kind: SessionKind;
  /** The workload it is for; null when the kind has nothing to do with one resource. */
  readonly workload: string | null;
  /** Moves no data of its own and may last for hours: does not count against the sessions that run at the same time. */
  readonly unlimited?: boolean;
  readonly inputSchema: z.ZodType<Input>;
  /** Must accept `{}`: the memory of a session that has done nothing. */
  readonly memorySchema: z.ZodType<Memory>;
  steps(input: Input): readonly ProgramStep<Input, Memory>[];
  /** Undoes what a failed or cancelled session made. Idempotent; it too is repeated after a crash. */
  cleanUp(run: Run<Input, Memory>): Promise<void>;
  /** What it says when all steps are done. */
  result(run: Run<Input, Memory>): SessionResult;
  /** Called once it has ended, however it ended (secrets it was given go here). */
  ended?(run: Run<Input, Memory>): Promise<void>;
}
