import { AppError, toAppError } from '../../contract/index.ts';
import {
  detachReason,
  phaseSentences,
  type ServiceCommand,
  type WorkerEvent,
  type WorkerFleet,
  type WorkerRequest,
} from '../workers/index.ts';
import type { RoadRequest } from './road.ts';

export type Serving = Omit<Extract<WorkerEvent, { type: 'serving' }>, 'type'> & {
  /** Aborted with an AppError when this worker cannot be used any more. */
  readonly lost: AbortSignal;
};

/** The life of one session's worker in this process: from its start, over its replacements, to its end. */
export interface ServingRun {
  readonly commands: ServiceCommand[];
  /** What the session of now wants to hear. */
  heardBy(request: RoadRequest): void;
  /** The worker that serves, as soon as there is one. Rejects with why there will be none. */
  serving(signal: AbortSignal): Promise<Serving>;
  /** True when nothing will come of it any more. */
  readonly over: boolean;
  /** Leaves the worker alone; it can be taken up again. */
  detach(): Promise<void>;
}

const removalMs = 15 * 60_000;

/** Starts the worker, or takes up the one that an earlier process has left. */
export function startServing(
  fleet: WorkerFleet,
  worker: Omit<WorkerRequest, 'onEvent' | 'service'> & {
    readonly service: Omit<NonNullable<WorkerRequest['service']>, 'commands'>;
  },
  first: RoadRequest,
): ServingRun {
  const detached = new AbortController();
  const commands: ServiceCommand[] = [];
  let session = first;
  let [over, current] = [false, nextServing()];
  const hear = (event: WorkerEvent): void => {
    switch (event.type) {
      case 'phase':
        session.onActivity(phaseSentences[event.phase]);
        return;
      case 'log':
        session.onLog(event.level, event.text, event.details);
        return;
      case 'serving': {
        const { type: _, ...where } = event;
        current.come(where);
        return;
      }
      case 'taken': {
        const { share, time: _, ...item } = event.item;
        session.onTaken({ ...item, by: `link ${share.slice(0, 8)}` });
        return;
      }
      case 'lost':
        commands.length = 0;
        // Whoever waits for the first one waits for the next.
        if (!current.came) return;
        current.fail(workerLost(event.reason));
        current = nextServing();
        return;
      case 'progress':
        return;
    }
  };
  const ended = (reason: AppError): void => {
    over = true;
    current.fail(reason);
    if (!current.came) return;
    current = nextServing();
    current.fail(reason);
  };
  const run = fleet
    .run({ ...worker, service: { ...worker.service, commands }, onEvent: hear }, detached.signal)
    .then(async () => {
      // Its result would be the answer to the next run; there may be another worker.
      await fleet.removeWorkers(worker, AbortSignal.timeout(removalMs)).catch(() => undefined);
      ended(endedByItself());
    })
    .catch((thrown: unknown) => ended(toAppError(thrown)));

  return {
    commands,
    heardBy(request) {
      session = request;
    },
    serving: (signal) => Promise.race([current.promise, aborted(signal)]),
    get over() {
      return over;
    },
    async detach() {
      detached.abort(detachReason);
      await run;
    },
  };
}

/** A worker that will serve some time, and then be lost some time. */
function nextServing() {
  const { promise, resolve, reject } = Promise.withResolvers<Serving>();
  // Nobody may be waiting when it fails.
  promise.catch(() => undefined);
  const lost = new AbortController();
  let came = false;
  return {
    promise,
    get came() {
      return came;
    },
    /** The same worker may say it again, with other secrets: for those who use it nothing has changed. */
    come(where: Omit<Serving, 'lost'>) {
      came = true;
      resolve({ ...where, lost: lost.signal });
    },
    fail(reason: AppError) {
      reject(reason);
      lost.abort(reason);
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const refuse = (): void =>
      reject(new AppError('cancelled', { message: 'The operation was cancelled.', cause: signal.reason }));
    if (signal.aborted) refuse();
    else signal.addEventListener('abort', refuse, { once: true });
  });
}

function workerLost(reason: string): AppError {
  return new AppError('worker-lost', {
    message: `The worker was lost: ${reason}`,
    hint: 'Another worker takes its place.',
    retryable: true,
  });
}

function endedByItself(): AppError {
  return new AppError('worker-lost', {
    message: 'The worker has ended, because nobody used it.',
    hint: 'Open the restore point again.',
    retryable: true,
  });
}
