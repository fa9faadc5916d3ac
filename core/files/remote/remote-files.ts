import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  AppError,
  type FileRead,
  fileDetailsSchema,
  fileListingSchema,
  fileSearchResultSchema,
  type WalkedFile,
} from '../../contract/index.ts';
import type { FileService } from '../file-service.ts';
import { type Caller, type HttpCall, isLost, piecesOf, readAll, send } from './http-call.ts';
import { type PinnedAddress, PinnedAgent } from './pinned-connection.ts';
import { apiPaths, volumesAnswerSchema, walkLineSchema } from './protocol.ts';

export interface RemoteFilesOptions {
  readonly address: PinnedAddress;
  /** Secret; sent to the holder of the pinned certificate only. */
  readonly token: string;
  /** Pause before the first repetition of a request whose connection was lost; it doubles. Default 250 ms. */
  readonly retryDelayMs?: number;
  /** Default 2 minutes: a first look at a large disk takes its time. */
  readonly stalledMs?: number;
}

const repetitions = 5;
const answerBytes = 64 * 1024 * 1024;

/** The files that a file service shows over HTTPS. Lost connections are opened again; reads go on where they stopped. */
export function openRemoteFiles(options: RemoteFilesOptions): FileService {
  const agent = new PinnedAgent(options.address);
  const { address, token, stalledMs = 120_000, retryDelayMs = 250 } = options;
  const remote: Remote = { caller: { address, agent, token, stalledMs }, retryDelayMs };
  const post = <T>(path: string, schema: z.ZodType<T>, body: unknown, signal: AbortSignal): Promise<T> =>
    ask(remote, { method: 'POST', path, body }, schema, signal);
  return {
    volumes: (signal) => ask(remote, { method: 'GET', path: apiPaths.volumes }, volumesAnswerSchema, signal),
    list: (query, signal) => post(apiPaths.list, fileListingSchema, query, signal),
    details: (place, signal) => post(apiPaths.details, fileDetailsSchema, place, signal),
    search: (query, signal) => post(apiPaths.search, fileSearchResultSchema, query, signal),
    read: (request, signal) => readRanges(remote, request, signal),
    walk: (selection, signal) => walkLines(remote, { selection }, signal),
    async *archive(selection, format, signal) {
      const call: HttpCall = { method: 'POST', path: apiPaths.archive, body: { selection, format } };
      const response = await repeated(remote, () => send(remote.caller, call, signal), signal);
      yield* closing(response, piecesOf(response, signal));
    },
    async close() {
      agent.close();
    },
  };
}

interface Remote {
  readonly caller: Caller;
  readonly retryDelayMs: number;
}

function ask<T>(remote: Remote, call: HttpCall, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  return repeated(
    remote,
    async () =>
      parse(schema, (await readAll(await send(remote.caller, call, signal), answerBytes)).toString()),
    signal,
  );
}

/** All requests of this client only read, so each may be sent again. */
async function repeated<T>(remote: Remote, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (thrown) {
      if (attempt >= repetitions || signal.aborted || !isLost(thrown)) throw thrown;
      await pause(remote, attempt, signal);
    }
  }
}

async function pause({ retryDelayMs }: Remote, attempt: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(retryDelayMs * 2 ** attempt, undefined, { signal });
  } catch {
    throw new AppError('cancelled', { message: 'The operation was cancelled.', cause: signal.reason });
  }
}

/** One request after the other, each from where the one before was cut off, as long as every other one brings something. */
async function* readRanges(
  remote: Remote,
  request: FileRead,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { volumeId, path, stream, offset, length } = request;
  if (length === 0) return;
  const end = length === undefined ? undefined : offset + length;
  const query = new URLSearchParams({ volumeId, path, stream });
  let [at, fruitless] = [offset, 0];
  let etag: string | undefined;
  while (end === undefined || at < end) {
    // An empty file has no range at all.
    const range =
      at === 0 && end === undefined ? undefined : `bytes=${at}-${end === undefined ? '' : end - 1}`;
    const headers = {
      ...(range === undefined ? {} : { range }),
      ...(etag === undefined ? {} : { 'if-match': etag }),
    };
    const call: HttpCall = {
      method: 'GET',
      path: `${apiPaths.content}?${query}`,
      headers,
      accept: [206, 412, 416],
    };
    try {
      const response = await send(remote.caller, call, signal);
      checkPart(response.statusCode, range);
      etag ??= response.headers.etag;
      for await (const piece of closing(response, piecesOf(response, signal))) {
        at += piece.length;
        fruitless = 0;
        yield piece;
      }
      return;
    } catch (thrown) {
      if (fruitless >= repetitions || signal.aborted || !isLost(thrown)) throw thrown;
      await pause(remote, fruitless, signal);
      fruitless += 1;
    }
  }
}

/** 416 stands for no bytes: the range begins at the end of the file or behind it. */
function checkPart(status: number | undefined, range: string | undefined): void {
  if (status === 412) throw changed();
  if (range !== undefined && status === 200)
    throw new AppError('damaged', { message: 'The worker did not give the part that was asked for.' });
}

async function* walkLines(
  remote: Remote,
  body: unknown,
  signal: AbortSignal,
): AsyncGenerator<readonly WalkedFile[]> {
  const call: HttpCall = { method: 'POST', path: apiPaths.walk, body };
  const response = await repeated(remote, () => send(remote.caller, call, signal), signal);
  for await (const text of linesOf(closing(response, piecesOf(response, signal)))) {
    const line = parse(walkLineSchema, text);
    if (Array.isArray(line)) yield line;
    else if ('error' in line) throw AppError.fromRecord(line.error);
    else return;
  }
  throw new AppError('unreachable', { message: 'The worker’s list was cut off.', retryable: true });
}

async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    if (rest.length > answerBytes)
      throw new AppError('damaged', { message: 'A line of the worker is too long.' });
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10)) {
      yield rest.subarray(0, at).toString();
      rest = rest.subarray(at + 1);
    }
  }
}

/** Ends the connection when the reader stops early: what is under way is of no use then. */
async function* closing<T>(
  response: { readonly complete: boolean; destroy(): unknown },
  items: AsyncIterable<T>,
): AsyncGenerator<T> {
  try {
    yield* items;
  } finally {
    if (!response.complete) response.destroy();
  }
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('damaged', {
      message: 'The worker gave an answer that is not as agreed.',
      details: { reason: cause instanceof z.ZodError ? (cause.issues[0]?.message ?? '') : 'not JSON' },
      cause,
    });
  }
}

function changed(): AppError {
  return new AppError('conflict', {
    message: 'The file is not the one any more that was being read.',
    hint: 'Start the download again.',
  });
}
