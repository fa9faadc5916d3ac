import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ErrorCode, toAppError } from '../../core/contract/index.ts';
import type { Core, DownloadStream } from '../../core/host.ts';
import { answerProblem } from './answer.ts';
import { contentDisposition } from './content-disposition.ts';
import { securityHeaders } from './content-security-policy.ts';
import { parseRange } from './range-header.ts';

/**
 * A download as the browser's own download takes it. A single file can be asked for in part (RFC 9110 section 14), so that
 * a browser resumes it; `If-Range` with another version gets the whole.
 */
export async function answerDownload(
  core: Core,
  downloadId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  let stream: DownloadStream;
  try {
    stream = await openWanted(core, downloadId, request, gone.signal);
  } catch (thrown) {
    const error = toAppError(thrown);
    return answerProblem(response, statuses[error.code] ?? 500, error);
  }
  response.writeHead(stream.part === null ? 200 : 206, headersOf(stream));
  if (request.method === 'HEAD') return void response.end();
  // A reader that goes away, or a source that fails, ends the connection: the browser shows the download as incomplete.
  await pipeline(Readable.from(stream.bytes, { objectMode: false }), response).catch(() =>
    response.destroy(),
  );
}

async function openWanted(
  core: Core,
  downloadId: string,
  request: IncomingMessage,
  signal: AbortSignal,
): Promise<DownloadStream> {
  const range = parseRange(request.headers.range);
  if (range === null) return core.openDownload(downloadId, null, signal);
  const condition = request.headers['if-range'];
  const part = await core.openDownload(downloadId, range, signal);
  const sameVersion = condition === undefined || condition === quoted(part.version);
  return sameVersion ? part : core.openDownload(downloadId, null, signal);
}

const statuses: Partial<Record<ErrorCode, number>> = {
  'not-found': 404,
  'invalid-input': 416,
  conflict: 409,
  throttled: 503,
};

function headersOf({ fileName, mediaType, size, part, version }: DownloadStream): Record<string, string> {
  const length = part === null ? size : part.end - part.start + 1;
  return {
    ...securityHeaders,
    'content-type': mediaType,
    'content-disposition': contentDisposition(fileName),
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    ...(length === null ? {} : { 'content-length': String(length) }),
    ...(version === null ? { 'accept-ranges': 'none' } : { 'accept-ranges': 'bytes', etag: quoted(version) }),
    ...(part === null ? {} : { 'content-range': `bytes ${part.start}-${part.end}/${size ?? '*'}` }),
  };
}

function quoted(version: string | null): string {
  return `"${version ?? ''}"`;
}
