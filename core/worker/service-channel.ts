import type { CoreMessage, SharedItemMessage, WorkerMessage } from '../contract/index.ts';

/** What core says to a task that serves, while it serves. */
export type ServiceMessage = Extract<CoreMessage, { type: 'extend' | 'share' | 'unshare' | 'finish' }>;

/** A serving task's line to core. What it says arrives, however often it has to be repeated. */
export interface ServiceChannel {
  /** Address of this machine on which a service listens. */
  readonly listenAddress: string;
  serving(where: { readonly port: number; readonly fingerprint: string }): void;
  taken(item: SharedItemMessage): void;
  /** Told of every message, with its number; also of those that came before. */
  onMessage(listener: (seq: number, message: ServiceMessage) => void): void;
}

export interface OpenServiceChannel extends ServiceChannel {
  take(seq: number, message: ServiceMessage): void;
}

/** `send` delivers one message, whatever it takes. */
export function openServiceChannel(options: {
  readonly listenAddress: string;
  readonly task: number;
  readonly send: (message: WorkerMessage) => void;
}): OpenServiceChannel {
  const { listenAddress, task, send } = options;
  const early: [number, ServiceMessage][] = [];
  let listener = (seq: number, message: ServiceMessage): void => void early.push([seq, message]);
  return {
    listenAddress,
    serving: (where) => send({ type: 'serving', task, ...where }),
    taken: (item) => send({ type: 'taken', task, item }),
    onMessage(told) {
      listener = told;
      for (const [seq, message] of early.splice(0)) told(seq, message);
    },
    take: (seq, message) => listener(seq, message),
  };
}
