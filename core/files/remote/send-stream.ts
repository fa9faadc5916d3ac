import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { toAppError } from '../../contract/index.ts';
import type { Exchange } from './exchange.ts';
import { encodeError, errorTrailer } from './protocol.ts';

/**
 * Sends what `bytes` gives, as fast as the other side takes it. The first piece is waited for before anything is sent, so
 * that what fails at once is a plain error; rejects with it. What fails later ends a stream of known length by closing
 * the connection, any other by a trailer. Resolves with whether all was sent.
 */
export async function sendStream(
  exchange: Exchange,
  answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | number>>;
    readonly bytes: AsyncIterable<Uint8Array>;
  },
): Promise<boolean> {
  const { response, signal } = exchange;
  const source = answer.bytes[Symbol.asyncIterator]();
  const measured = 'content-length' in answer.headers;
  let begun = false;
  try {
    let step = await source.next();
    signal.throwIfAborted();
    response.writeHead(answer.status, { ...answer.headers, ...(measured ? {} : { trailer: errorTrailer }) });
    begun = true;
    for (; !step.done; step = await source.next()) {
      await write(response, step.value, signal);
      exchange.sent(step.value.length);
    }
    response.end();
    return true;
  } catch (thrown) {
    if (!begun) throw thrown;
    endEarly(exchange, thrown, measured);
    return false;
  } finally {
    await source.return?.().catch(() => undefined);
  }
}

/** Waits while the connection's buffer is full; rejects when the other side has gone. */
async function write(response: ServerResponse, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!response.write(bytes)) await once(response, 'drain', { signal });
}

function endEarly({ response, signal }: Exchange, thrown: unknown, measured: boolean): void {
  if (signal.aborted || measured) {
    response.destroy();
    return;
  }
  response.addTrailers({ [errorTrailer]: encodeError(toAppError(thrown).toRecord()) });
  response.end();
}
