import { setTimeout as sleep } from 'node:timers/promises';
import { DiskError } from '../disks/index.ts';
import type { JsonObject } from '../front/index.ts';
import { ArmError } from './arm-error.ts';

/** How long things take and how clients are told to wait, in milliseconds. */
export interface Timing {
  readonly operationMs: number;
  /** By kind of operation (`disks/write`, `virtualMachines/start/action`, ...), instead of the general one. */
  readonly operationMsOf?: Readonly<Record<string, number>>;
  readonly retryAfterMs: number;
  /**
   * How long a poll waits for the operation to end before it answers; default 0, as in Azure. A lab in a hurry holds
   * polls, because clients fall back to seconds when a short `Retry-After` is over before they have read it.
   */
  readonly holdPollMs?: number;
}

export interface Operation {
  readonly id: string;
  readonly kind: string;
  readonly resourceId: string;
  readonly startTime: string;
  readonly endTime?: string;
  readonly status: 'InProgress' | 'Succeeded' | 'Failed';
  readonly error?: JsonObject;
  /** What the Location address answers in the end; nothing means 204 or an empty 200. */
  readonly output?: JsonObject;
}

/** Run at the very end, in one step with the operation's success; gives what Location answers. */
export type Commit = () => JsonObject | undefined;

export interface OperationStart {
  readonly kind: string;
  readonly resourceId: string;
  /** Injected failure: the work is not done, `undo` runs. */
  readonly failure?: { readonly code: string; readonly message: string } | undefined;
  /** Gives the output, or what is still to be done when the operation's time is over. */
  readonly work: (signal: AbortSignal) => Promise<JsonObject | Commit | undefined>;
  /** Runs when the operation fails for whatever reason. */
  readonly undo?: ((error: ArmError) => Promise<void>) | undefined;
}

/** Long-running operations: started at once, finished after their time, kept for polling. */
export interface Operations {
  start(operation: OperationStart): Operation;
  get(id: string): Operation | undefined;
  /** The operation for a poll: at once, or when it ends within the hold time. */
  poll(id: string, signal: AbortSignal): Promise<Operation | undefined>;
  /** Lower-case ids of the resources on which an operation of this kind runs. */
  runningOn(kind: string): ReadonlySet<string>;
  /** True while an operation on this resource runs. */
  busy(resourceId: string): boolean;
  /** Stops what runs on a resource (a delete overtakes a creation); resolves when it has stopped. */
  preempt(resourceId: string): Promise<void>;
  /** Stops everything and waits for it. */
  close(): Promise<void>;
}

export interface OperationsDeps {
  readonly now: () => number;
  readonly newId: () => string;
  readonly timing: Timing;
  readonly onDefect: (error: unknown) => void;
}

interface Running {
  readonly kind: string;
  readonly resourceId: string;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

const preempted = (): ArmError =>
  new ArmError(409, 'OperationPreempted', 'The operation has been preempted by a more recent operation.');

export function createOperations(deps: OperationsDeps): Operations {
  const operations = new Map<string, Operation>();
  const running = new Map<string, Running>();
  const iso = (): string => new Date(deps.now()).toISOString();
  const finish = (id: string, end: Partial<Operation>): void => {
    const operation = operations.get(id);
    if (operation) operations.set(id, { ...operation, ...end, endTime: iso() });
  };

  const run = async (id: string, start: OperationStart, signal: AbortSignal): Promise<void> => {
    const { operationMs, operationMsOf } = deps.timing;
    try {
      const wait = sleep(operationMsOf?.[start.kind] ?? operationMs, undefined, { signal });
      if (start.failure) {
        await wait;
        throw new ArmError(409, start.failure.code, start.failure.message);
      }
      const [outcome] = await Promise.all([start.work(signal), wait]);
      const output = typeof outcome === 'function' ? outcome() : outcome;
      finish(id, { status: 'Succeeded', ...(output === undefined ? {} : { output }) });
    } catch (error) {
      const refusal = asArmError(error, signal, deps.onDefect);
      await start.undo?.(refusal);
      finish(id, { status: 'Failed', error: refusal.toErrorBody() });
    }
  };

  return {
    start(start) {
      const id = deps.newId();
      const operation: Operation = {
        id,
        kind: start.kind,
        resourceId: start.resourceId.toLowerCase(),
        startTime: iso(),
        status: 'InProgress',
      };
      operations.set(id, operation);
      const stop = new AbortController();
      const done = run(id, start, stop.signal)
        .catch(deps.onDefect)
        .finally(() => running.delete(id));
      running.set(id, { kind: start.kind, resourceId: operation.resourceId, stop, done });
      return operation;
    },
    get: (id) => operations.get(id),
    async poll(id, signal) {
      const done = running.get(id)?.done;
      const hold = deps.timing.holdPollMs ?? 0;
      if (done && hold > 0) await settledWithin(done, hold, signal);
      return operations.get(id);
    },
    runningOn: (kind) =>
      new Set([...running.values()].filter((each) => each.kind === kind).map((each) => each.resourceId)),
    busy: (resourceId) => [...running.values()].some((each) => each.resourceId === resourceId.toLowerCase()),
    preempt: (resourceId) =>
      stopAll([...running.values()].filter((each) => each.resourceId === resourceId.toLowerCase())),
    close: () => stopAll([...running.values()]),
  };
}

async function settledWithin(done: Promise<void>, milliseconds: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const limit = sleep(milliseconds, undefined, { signal: AbortSignal.any([signal, over.signal]) });
  await Promise.race([done, limit.catch(() => undefined)]);
  over.abort();
}

async function stopAll(running: readonly Running[]): Promise<void> {
  for (const each of running) each.stop.abort();
  await Promise.all(running.map((each) => each.done));
}

function asArmError(error: unknown, signal: AbortSignal, onDefect: (error: unknown) => void): ArmError {
  if (error instanceof ArmError) return error;
  if (error instanceof DiskError) return new ArmError(409, error.code, error.message);
  if (signal.aborted) return preempted();
  onDefect(error);
  return new ArmError(500, 'InternalServerError', 'An internal server error occurred.');
}

/**
 * `Retry-After` in seconds, or as a date with milliseconds when it is less than one. Clients compare the date with
 * their own clock, so it is made from the machine's, whatever time the lab believes it is.
 */
export function retryAfter(milliseconds: number): string {
  if (milliseconds >= 1000) return String(Math.round(milliseconds / 1000));
  const at = new Date(Date.now() + milliseconds);
  const fraction = String(at.getUTCMilliseconds()).padStart(3, '0');
  return at.toUTCString().replace(' GMT', `.${fraction} GMT`);
}
