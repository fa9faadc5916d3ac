import { z } from 'zod';
import { AppError, filePlaceSchema, toAppError } from '../../contract/index.ts';
import type { FileService } from '../file-service.ts';
import { answerContent } from './content-answer.ts';
import { type Exchange, readBody, readQuery, sendJson } from './exchange.ts';
import { apiBodies, apiPaths, type WalkLine } from './protocol.ts';
import { sendStream } from './send-stream.ts';

export interface ApiSource {
  readonly service: FileService;
  readonly identity: string;
}

type Route = (exchange: Exchange, source: ApiSource) => Promise<void>;

const contentQuerySchema = filePlaceSchema.extend({ stream: z.string().max(300).default('') });

/** By method and path; what is not here does not exist. */
const routes: Readonly<Record<string, Route>> = {
  [`GET ${apiPaths.volumes}`]: async (exchange, { service }) =>
    sendJson(exchange, await service.volumes(exchange.signal)),
  [`POST ${apiPaths.list}`]: async (exchange, { service }) =>
    sendJson(exchange, await service.list(await readBody(exchange, apiBodies.list), exchange.signal)),
  [`POST ${apiPaths.details}`]: async (exchange, { service }) =>
    sendJson(exchange, await service.details(await readBody(exchange, apiBodies.details), exchange.signal)),
  [`POST ${apiPaths.search}`]: async (exchange, { service }) =>
    sendJson(exchange, await service.search(await readBody(exchange, apiBodies.search), exchange.signal)),
  [`POST ${apiPaths.walk}`]: async (exchange, { service }) => {
    const { selection } = await readBody(exchange, apiBodies.walk);
    const lines = walkLines(service.walk(selection, exchange.signal));
    await sendStream(exchange, {
      status: 200,
      headers: { 'content-type': 'application/x-ndjson' },
      bytes: lines,
    });
  },
  [`POST ${apiPaths.archive}`]: async (exchange, { service }) => {
    const { selection, format } = await readBody(exchange, apiBodies.archive);
    await sendStream(exchange, {
      status: 200,
      headers: { 'content-type': format === 'zip' ? 'application/zip' : 'application/x-tar' },
      bytes: service.archive(selection, format, exchange.signal),
    });
  },
  [`GET ${apiPaths.content}`]: (exchange, source) =>
    answerContent(exchange, source, readQuery(exchange, contentQuerySchema)),
};

/** Answers a request of the session's owner. Rejects with what could not be answered; nothing was sent then. */
export async function answerApi(exchange: Exchange, source: ApiSource): Promise<void> {
  const route = routes[`${exchange.request.method} ${exchange.url.pathname}`];
  if (!route) throw new AppError('not-found', { message: 'There is nothing at this address.' });
  await route(exchange, source);
}

type Batches = ReturnType<FileService['walk']>;

/** One line for each batch. An early end is told in the last line: a stream that stops without one is cut off. */
async function* walkLines(batches: Batches): AsyncGenerator<Uint8Array> {
  const line = (value: WalkLine): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);
  try {
    for await (const batch of batches) yield line([...batch]);
    yield line({ end: true });
  } catch (thrown) {
    yield line({ error: toAppError(thrown).toRecord() });
  }
}
