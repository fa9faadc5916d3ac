import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AppError } from '../../contract/index.ts';
import type { PinnedAddress, PinnedAgent } from './pinned-connection.ts';
import { decodeError, errorOf, errorTrailer } from './protocol.ts';

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Statuses that are no error beside 200. */
  readonly accept?: readonly number[];
}

export interface Caller {
  readonly address: PinnedAddress;
  readonly agent: PinnedAgent;
  readonly token: string;
  /** An answer that stands still for so long is given up. */
  readonly stalledMs: number;
}

/** Sends one request and resolves with the head of its answer; AppErrors of the other side are thrown as they are. */
export async function send(caller: Caller, call: HttpCall, signal: AbortSignal): Promise<IncomingMessage> {
  const response = await headOf(caller, call, signal);
  const status = response.statusCode ?? 0;
  if (status === 200 || call.accept?.includes(status)) return response;
  throw errorOf((await readAll(response, 256 * 1024)).toString());
}

function headOf(caller: Caller, call: HttpCall, signal: AbortSignal): Promise<IncomingMessage> {
  const { address, agent, token, stalledMs } = caller;
  const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelled(signal));
      return;
    }
    const request = httpsRequest({
      agent,
      host: address.host,
      port: address.port,
      method: call.method,
      path: call.path,
      signal,
      timeout: stalledMs,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body ? { 'content-type': 'application/json', 'content-length': body.length } : {}),
        ...call.headers,
      },
    });
    request.once('timeout', () => request.destroy(lost('it stands still')));
    request.on('error', (thrown) => reject(signal.aborted ? cancelled(signal) : asLost(thrown)));
    request.once('response', resolve);
    request.end(body);
  });
}

/** The pieces of an answer. Throws `unreachable` when it is cut off, and what its trailer tells. */
export async function* piecesOf(response: IncomingMessage, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const piece of response) yield piece as Buffer;
  } catch (thrown) {
    throw signal.aborted ? cancelled(signal) : asLost(thrown);
  }
  if (!response.complete) throw lost('the answer was cut off');
  const told = response.trailers[errorTrailer];
  if (told !== undefined) throw decodeError(told);
}

export async function readAll(response: IncomingMessage, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of piecesOf(response, new AbortController().signal)) {
    length += piece.length;
    if (length > most) {
      response.destroy();
      throw new AppError('damaged', { message: 'The answer of the worker is too large.' });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Whether the same request may do better on a new connection in a moment. */
export function isLost(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.retryable && ['unreachable', 'throttled'].includes(thrown.code);
}

function asLost(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
  return lost(reason, thrown);
}

function lost(reason: string, cause?: unknown): AppError {
  return new AppError('unreachable', {
    message: 'The connection to the worker was lost.',
    retryable: true,
    details: { reason },
    cause,
  });
}

function cancelled(signal: AbortSignal): AppError {
  return new AppError('cancelled', { message: 'The operation was cancelled.', cause: signal.reason });
}
