/** Sends the newest of what is offered, with a pause between two; what was overtaken is never sent. */
export interface LatestOnly<T> {
  offer(value: T): void;
  /** Resolves when what was offered has been sent. */
  flush(): Promise<void>;
}

export interface LatestOnlyOptions {
  readonly pauseMs: number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export function latestOnly<T>(
  send: (value: T) => Promise<unknown>,
  options: LatestOnlyOptions,
): LatestOnly<T> {
  let next: { readonly value: T } | undefined;
  let running: Promise<void> | undefined;
  const hurry = new AbortController();
  const drain = async (): Promise<void> => {
    while (next) {
      const { value } = next;
      next = undefined;
      await send(value);
      await options.sleep(options.pauseMs, hurry.signal).catch(() => undefined);
    }
    running = undefined;
  };
  return {
    offer(value) {
      next = { value };
      running ??= drain();
    },
    async flush() {
      hurry.abort();
      await running;
    },
  };
}
