import { createHash } from 'node:crypto';
import { AppError, type FileDetails, type FilePlace } from '../../contract/index.ts';
import type { FileService } from '../file-service.ts';
import { type ByteRange, parseByteRange } from './byte-range.ts';
import type { Exchange } from './exchange.ts';
import { sendStream } from './send-stream.ts';

export interface ContentRequest extends FilePlace {
  readonly stream: string;
}

export interface ContentSource {
  readonly service: FileService;
  /** What is served; equal on every worker that serves the same. */
  readonly identity: string;
  /** Sees the bytes on their way. */
  readonly watch?: (
    bytes: AsyncIterable<Uint8Array>,
    range: ByteRange,
    size: number,
  ) => AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A file, or the range of it that was asked for (RFC 9110, 14): 200, 206, 412 or 416, with an entity tag. */
export async function answerContent(
  exchange: Exchange,
  source: ContentSource,
  asked: ContentRequest,
): Promise<void> {
  const { request, response, signal } = exchange;
  const details = await source.service.details({ volumeId: asked.volumeId, path: asked.path }, signal);
  const size = sizeOf(details, asked.stream);
  const etag = entityTag(source.identity, asked, details, size);
  const headers = { etag, 'accept-ranges': 'bytes', ...source.headers };
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted !== etag) {
    response.writeHead(412, { 'content-length': 0, ...headers }).end();
    return;
  }
  const condition = request.headers['if-range'];
  const asks = condition === undefined || condition === etag ? request.headers.range : undefined;
  const range = parseByteRange(asks, size);
  if (range === 'none') {
    response.writeHead(416, { 'content-length': 0, ...headers, 'content-range': `bytes */${size}` }).end();
    return;
  }
  const part = range === 'whole' ? { from: 0, to: size } : range;
  const length = part.to - part.from;
  const bytes = source.service.read({ ...asked, offset: part.from, length }, signal);
  await sendStream(exchange, {
    status: range === 'whole' ? 200 : 206,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': length,
      ...(range === 'whole' ? {} : { 'content-range': `bytes ${part.from}-${part.to - 1}/${size}` }),
      ...headers,
    },
    bytes: source.watch?.(bytes, part, size) ?? bytes,
  });
}

function sizeOf(details: FileDetails, stream: string): number {
  if (stream === '') return details.sizeBytes;
  const found = details.streams.find(({ name }) => name === stream);
  if (found) return found.sizeBytes;
  throw new AppError('not-found', { message: `The file has no stream named ${stream}.` });
}

function entityTag(identity: string, asked: ContentRequest, details: FileDetails, size: number): string {
  const parts = [identity, asked.volumeId, asked.path, asked.stream, size, details.modified, details.node];
  return `"${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}"`;
}
