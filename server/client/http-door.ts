import {
  AppError,
  type CallProcedure,
  type CoreEvent,
  type ProcedureName,
  type ProcedureOutput,
  type Reply,
  replySchema,
  toAppError,
  topicSchema,
} from '../../core/contract/index.ts';
import type { Core } from '../../core/host.ts';
import { readEvents } from './event-reader.ts';
import { fetchDownload } from './fetch-download.ts';

const reconnectMs = 1000;

export interface HttpDoorOptions {
  /** `http://127.0.0.1:PORT` of a running server. */
  readonly address: string;
  /** The bearer token from the server's data directory. */
  readonly token: string;
}

export interface HttpDoor extends Core {
  /** An address that signs one browser in to that server, once. */
  newStartAddress(): Promise<string>;
}

/**
 * The core of a running server, as if it were in this process. Runs on Node 20 and later. Events arrive as long as
 * somebody is subscribed; after a lost connection the door connects again and says once for every topic that
 * things may have changed.
 */
export function openHttpDoor(options: HttpDoorOptions): HttpDoor {
  const closing = new AbortController();
  const listeners = new Set<(event: CoreEvent) => void>();
  let reading = false;

  const dispatch = async (name: string, input: unknown, signal?: AbortSignal): Promise<Reply> => {
    try {
      return await post(options, `/api/call/${encodeURIComponent(name)}`, input, anySignal(closing, signal));
    } catch (error) {
      return { ok: false, error: toAppError(error).toRecord() };
    }
  };
  const emit = (event: CoreEvent) => {
    for (const listener of listeners) listener(event);
  };
  const startReading = () => {
    if (reading) return;
    reading = true;
    void followEvents(options, emit, closing.signal).finally(() => {
      reading = false;
    });
  };
  return {
    dispatch,
    call: callBy(dispatch),
    subscribe(listener) {
      listeners.add(listener);
      startReading();
      return () => {
        listeners.delete(listener);
      };
    },
    async openDownload(downloadId, range, signal) {
      const either = anySignal(closing, signal);
      try {
        return await fetchDownload(options, { downloadId, range }, either);
      } catch (error) {
        throw error instanceof AppError || either.aborted ? error : unreachable(options.address, error);
      }
    },
    async newStartAddress() {
      const reply = await post(options, '/api/start-address', {}, closing.signal);
      return (replyValue(reply) as { address: string }).address;
    },
    close() {
      closing.abort();
      return Promise.resolve();
    },
  };
}

function callBy(dispatch: Core['dispatch']): CallProcedure {
  // The server checked the value against the same contract; its version is compared when the door is opened.
  return async <N extends ProcedureName>(name: N, input: unknown, signal?: AbortSignal) =>
    replyValue(await dispatch(name, input, signal)) as ProcedureOutput<N>;
}

function replyValue(reply: Reply): unknown {
  if (!reply.ok) throw AppError.fromRecord(reply.error);
  return reply.value;
}

async function post(
  { address, token }: HttpDoorOptions,
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<Reply> {
  let response: Response;
  try {
    response = await fetch(new URL(path, address), {
      method: 'POST',
      redirect: 'error',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
  } catch (error) {
    throw signal.aborted ? signal.reason : unreachable(address, error);
  }
  const reply = replySchema.safeParse(await response.json().catch(() => null));
  if (!reply.success) throw unreachable(address, new Error(`status ${response.status}`));
  return reply.data;
}

async function followEvents(
  { address, token }: HttpDoorOptions,
  emit: (event: CoreEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  let lost = false;
  while (!signal.aborted) {
    try {
      const response = await fetch(new URL('/api/events', address), {
        headers: { authorization: `Bearer ${token}` },
        signal,
      });
      if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
      if (lost) everythingMayHaveChanged(emit);
      for await (const event of readEvents(response.body)) emit(event);
    } catch {
      // The reason does not matter: the next call says it in words, and events come again with the connection.
    }
    lost = true;
    await pause(reconnectMs, signal);
  }
}

function everythingMayHaveChanged(emit: (event: CoreEvent) => void): void {
  for (const topic of topicSchema.options) emit({ type: 'changed', topic, id: null });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}

function anySignal(closing: AbortController, signal: AbortSignal | undefined): AbortSignal {
  return signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal]);
}

function unreachable(address: string, cause: unknown): AppError {
  return new AppError('unreachable', {
    message: `The Cairn server at ${address} does not answer.`,
    hint: 'Start it again with `cairn serve`.',
    retryable: true,
    details: { reason: cause instanceof Error ? cause.message : String(cause) },
    cause,
  });
}
