/** Sends one after the other, each until it has been taken. */
export interface SureDelivery<T> {
  send(message: T): void;
  /** Resolves when everything was taken, or given up. */
  settled(): Promise<void>;
}

export function sureDelivery<T>(options: {
  /** False: not taken, to be tried again. */
  readonly trySend: (message: T) => Promise<boolean>;
  /** Between two tries; false gives up what is left. */
  readonly pause: () => Promise<boolean>;
}): SureDelivery<T> {
  let last = Promise.resolve();
  let givenUp = false;
  const deliver = async (message: T): Promise<void> => {
    while (!givenUp && !(await options.trySend(message))) givenUp = !(await options.pause());
  };
  return {
    send(message) {
      last = last.then(() => deliver(message));
    },
    settled: () => last,
  };
}
