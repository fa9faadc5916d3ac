import { AppError } from '../../contract/index.ts';

/** What a promise gives, or `cancelled` as soon as the signal is aborted; the work behind the promise goes on. */
export function abortable<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(cancelled());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

export function cancelled(): AppError {
  return new AppError('cancelled', { message: 'The operation was cancelled.' });
}
