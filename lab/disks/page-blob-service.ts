import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BlobError } from './blob-error.ts';
import type { GrantBook } from './grant-book.ts';
import { type ByteSpan, MAX_PAGE_RANGES, pageListXml, previousSnapshot } from './page-list.ts';
import { PieceMemory } from './piece-memory.ts';
import type { Volume } from './volume.ts';
import type { GrantRecord } from './volume-catalog.ts';

const PAGE_BYTES = 512;
const MAX_WRITE_BYTES = 4 * 1024 * 1024;
/** Piece in which long answers are read and sent. */
const READ_BYTES = 1024 * 1024;
/** Enough for a worker with many reads in flight. */
const KEPT_PIECES = 32;

export const newPieceMemory = (): PieceMemory => new PieceMemory(READ_BYTES, KEPT_PIECES);

export interface PageBlobServiceDeps {
  readonly grants: GrantBook;
  readonly find: (uniqueId: string) => Volume | undefined;
  readonly origin: () => string;
  /** Told after a write, so that the disk is kept. */
  readonly onWrite: () => void;
  readonly pieces: PieceMemory;
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly volume: Volume;
  readonly grant: GrantRecord;
}

/**
 * The part of the page blob protocol that Azure offers on managed disks: properties, ranges, page ranges and their
 * differences, and page writes while a direct upload is open. Throws `BlobError`.
 */
export async function servePageBlob(
  deps: PageBlobServiceDeps,
  exchange: { request: IncomingMessage; response: ServerResponse; url: URL },
): Promise<void> {
  const { request, url } = exchange;
  const grant = deps.grants.check(url.pathname, url.searchParams);
  const volume = grant === undefined ? undefined : deps.find(grant.uniqueId);
  if (grant === undefined || volume === undefined) {
    throw new BlobError(
      403,
      'AuthenticationFailed',
      'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
    );
  }
  const call: Call = { ...exchange, volume, grant };
  checkConditions(call);
  const comp = url.searchParams.get('comp');
  if (request.method === 'HEAD' && comp === null) return sendHead(call);
  if (request.method === 'GET' && comp === null) return sendRange(deps, call);
  if (request.method === 'GET' && comp === 'pagelist') return sendPageList(deps, call);
  if (request.method === 'PUT' && comp === 'page') return writePages(deps, call);
  throw new BlobError(405, 'UnsupportedHttpVerb', 'The resource does not support the specified HTTP verb.');
}

const etagOf = (volume: Volume): string => `"0x8D${volume.version.toString(16).toUpperCase()}"`;

function checkConditions({ request, volume }: Call): void {
  const etag = etagOf(volume);
  const ifMatch = request.headers['if-match'];
  const ifNone = request.headers['if-none-match'];
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etag) {
    throw new BlobError(
      412,
      'ConditionNotMet',
      'The condition specified using HTTP conditional header(s) is not met.',
    );
  }
  if (ifNone !== undefined && (ifNone === '*' || ifNone === etag)) {
    const status = request.method === 'PUT' ? 412 : 304;
    throw new BlobError(
      status,
      'ConditionNotMet',
      'The condition specified using HTTP conditional header(s) is not met.',
    );
  }
}

function blobHeaders(volume: Volume): Record<string, string> {
  return {
    etag: etagOf(volume),
    'last-modified': new Date(volume.identity.createdAt).toUTCString(),
    'x-ms-blob-type': 'PageBlob',
    'x-ms-blob-sequence-number': '0',
    'x-ms-lease-status': 'unlocked',
    'x-ms-lease-state': 'available',
    'x-ms-server-encrypted': 'true',
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
  };
}

function sendHead({ response, volume }: Call): void {
  response.writeHead(200, { ...blobHeaders(volume), 'content-length': volume.blobBytes });
  response.end();
}

/** `bytes=START-[END]` of `x-ms-range` or `Range`; undefined without either. */
function rangeOf(request: IncomingMessage): { start: number; end: number | undefined } | undefined {
  const text = request.headers['x-ms-range'] ?? request.headers.range;
  if (text === undefined) return undefined;
  const match = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(String(text));
  if (match === null) {
    throw new BlobError(
      400,
      'InvalidHeaderValue',
      'The value for one of the HTTP headers is not in the correct format.',
    );
  }
  return { start: Number(match[1]), end: match[2] === undefined ? undefined : Number(match[2]) + 1 };
}

function readSpan({ request, volume }: Call): ByteSpan {
  const range = rangeOf(request);
  if (range === undefined) return { start: 0, end: volume.blobBytes };
  const end = Math.min(range.end ?? volume.blobBytes, volume.blobBytes);
  if (range.start >= end) {
    throw new BlobError(
      416,
      'InvalidRange',
      'The range specified is invalid for the current size of the resource.',
      {
        'content-range': `bytes */${volume.blobBytes}`,
      },
    );
  }
  return { start: range.start, end };
}

async function sendRange({ pieces }: PageBlobServiceDeps, call: Call): Promise<void> {
  const { request, response, volume } = call;
  const { start, end } = readSpan(call);
  const headers: Record<string, string | number> = { ...blobHeaders(volume), 'content-length': end - start };
  const partial = rangeOf(request) !== undefined;
  if (partial) headers['content-range'] = `bytes ${start}-${end - 1}/${volume.blobBytes}`;
  if (request.headers['x-ms-range-get-content-md5'] === 'true') {
    if (end - start > MAX_WRITE_BYTES) {
      throw new BlobError(400, 'OutOfRangeInput', 'An MD5 of a range is only given up to 4 MiB.');
    }
    const bytes = Buffer.allocUnsafe(end - start);
    await volume.read(start, bytes);
    headers['content-md5'] = createHash('md5').update(bytes).digest('base64');
  }
  response.writeHead(partial ? 206 : 200, headers);
  await sendBytes(response, { volume, pieces }, { start, end });
}

async function sendBytes(
  response: ServerResponse,
  { volume, pieces }: { readonly volume: Volume; readonly pieces: PieceMemory },
  span: ByteSpan,
): Promise<void> {
  let ahead = readPiece(volume, pieces, span);
  for (let at = span.start; at < span.end; at += READ_BYTES) {
    const { memory, piece } = await ahead;
    if (at + READ_BYTES < span.end) {
      ahead = readPiece(volume, pieces, { start: at + READ_BYTES, end: span.end });
      // Awaited in the next round; a failure in between must not count as unhandled.
      ahead.catch(() => undefined);
    }
    if (response.destroyed) return;
    if (!response.write(piece, () => pieces.giveBack(memory))) await drained(response);
  }
  response.end();
}

async function readPiece(
  volume: Volume,
  pieces: PieceMemory,
  { start, end }: ByteSpan,
): Promise<{ readonly memory: Buffer; readonly piece: Buffer }> {
  const memory = pieces.take();
  const piece = memory.subarray(0, Math.min(READ_BYTES, end - start));
  await volume.read(start, piece);
  return { memory, piece };
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}

function sendPageList(deps: PageBlobServiceDeps, call: Call): void {
  const { request, response, url, volume } = call;
  const query = url.searchParams;
  if (query.has('prevsnapshot')) {
    throw new BlobError(
      400,
      'InvalidQueryParameterValue',
      'Value for one of the query parameters specified in the request URI is invalid.',
    );
  }
  const previousUrl = request.headers['x-ms-previous-snapshot-url'];
  const xml = pageListXml({
    volume,
    previous:
      previousUrl === undefined
        ? undefined
        : previousSnapshot(String(previousUrl), volume, { ...deps, origin: deps.origin() }),
    span: readSpan(call),
    maxResults: maxResultsOf(query),
    marker: markerOf(query),
  });
  response.writeHead(200, {
    etag: etagOf(volume),
    'last-modified': new Date(volume.identity.createdAt).toUTCString(),
    'x-ms-blob-content-length': volume.blobBytes,
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(xml),
  });
  response.end(xml);
}

function maxResultsOf(query: URLSearchParams): number {
  const text = query.get('maxresults');
  if (text === null) return MAX_PAGE_RANGES;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new BlobError(
      400,
      'OutOfRangeQueryParameterValue',
      'maxresults is outside of its permissible range.',
    );
  }
  return Math.min(value, MAX_PAGE_RANGES);
}

function markerOf(query: URLSearchParams): number {
  const text = query.get('marker') ?? '';
  if (!/^\d{0,15}$/.test(text)) {
    throw new BlobError(400, 'InvalidQueryParameterValue', 'The marker is not one of this service.');
  }
  return Number(text);
}

async function writePages(deps: PageBlobServiceDeps, call: Call): Promise<void> {
  const { request, response, volume, grant } = call;
  if (grant.access !== 'Write' || !volume.upload) {
    throw new BlobError(
      403,
      'AuthorizationPermissionMismatch',
      'This request is not authorized to perform this operation using this permission.',
    );
  }
  const { start, end } = writeSpan(call);
  const kind = request.headers['x-ms-page-write'];
  if (kind === 'clear') {
    if (contentLength(request) !== 0) throw invalidHeader('content-length');
    await volume.clear(start, end - start);
  } else if (kind === 'update') {
    if (end - start > MAX_WRITE_BYTES) {
      throw new BlobError(
        413,
        'RequestBodyTooLarge',
        'The request body is too large and exceeds the maximum permissible limit.',
      );
    }
    if (contentLength(request) !== end - start) throw invalidHeader('content-length');
    const bytes = await readBody(request, end - start);
    checkMd5(request, bytes);
    await volume.write(start, bytes);
  } else {
    throw invalidHeader('x-ms-page-write');
  }
  deps.onWrite();
  response.writeHead(201, {
    etag: etagOf(volume),
    'last-modified': new Date().toUTCString(),
    'x-ms-blob-sequence-number': '0',
    'x-ms-request-server-encrypted': 'true',
    'content-length': 0,
  });
  response.end();
}

function writeSpan({ request, volume }: Call): ByteSpan {
  const range = rangeOf(request);
  if (range?.end === undefined) {
    throw new BlobError(
      400,
      'MissingRequiredHeader',
      'An HTTP header that is mandatory for this request is not specified.',
    );
  }
  const { start, end } = range;
  if (start % PAGE_BYTES !== 0 || end % PAGE_BYTES !== 0 || start >= end || end > volume.blobBytes) {
    throw new BlobError(416, 'InvalidPageRange', 'The page range specified is invalid.');
  }
  return { start, end };
}

const contentLength = (request: IncomingMessage): number =>
  Number(request.headers['content-length'] ?? 'NaN');

function invalidHeader(name: string): BlobError {
  return new BlobError(
    400,
    'InvalidHeaderValue',
    `The value for one of the HTTP headers is not in the correct format: ${name}.`,
  );
}

function checkMd5(request: IncomingMessage, bytes: Buffer): void {
  const given = request.headers['content-md5'];
  if (given !== undefined && given !== createHash('md5').update(bytes).digest('base64')) {
    throw new BlobError(
      400,
      'Md5Mismatch',
      'The MD5 value specified in the request did not match the MD5 value calculated by the server.',
    );
  }
}

/** The whole body, in one piece of exactly `length` bytes. */
async function readBody(request: IncomingMessage, length: number): Promise<Buffer> {
  const body = Buffer.allocUnsafe(length);
  let at = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (at + chunk.byteLength > length) break;
    at += chunk.copy(body, at);
  }
  if (at !== length) throw new BlobError(400, 'InvalidInput', 'The request body ended early.');
  return body;
}
