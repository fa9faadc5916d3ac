import type { Clock } from '../../host.ts';

/** Calls `send` at most once per `periodMilliseconds`; the last request is never lost. */
export interface PacedEvent {
  request(): void;
  /** Sends what is waiting now and stops. */
  flush(): void;
}

export function pacedEvent(clock: Clock, periodMilliseconds: number, send: () => void): PacedEvent {
  let lastSent = Number.NEGATIVE_INFINITY;
  let waiting: AbortController | null = null;
  const sendNow = (): void => {
    waiting = null;
    lastSent = clock.now();
    send();
  };
  const remaining = (): number => {
    const sinceLast = clock.now() - lastSent;
    return sinceLast >= 0 && sinceLast < periodMilliseconds ? periodMilliseconds - sinceLast : 0;
  };
  return {
    request() {
      if (waiting) return;
      const pause = remaining();
      if (pause === 0) return sendNow();
      const controller = new AbortController();
      waiting = controller;
      clock.sleep(pause, controller.signal).then(
        () => waiting === controller && sendNow(),
        () => undefined,
      );
    },
    flush() {
      if (!waiting) return;
      waiting.abort();
      sendNow();
    },
  };
}
