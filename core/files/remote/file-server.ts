import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { AppError, toAppError } from '../../contract/index.ts';
import type { FileService } from '../file-service.ts';
import { type AccessBook, openAccessBook } from './access-book.ts';
import { answerApi } from './api-routes.ts';
import { bearerToken, commonHeaders, type Exchange, sendJson } from './exchange.ts';
import { defaultFileServerLimits, type FileServerLimits } from './limits.ts';
import { statusOf } from './protocol.ts';
import { type RequestPace, requestPace } from './request-pace.ts';
import type { ServerCertificate } from './server-certificate.ts';
import { answerShare, isSharePath } from './share-routes.ts';
import type { TakenOverLink } from './shared-item.ts';

export interface FileServerOptions {
  readonly service: FileService;
  readonly certificate: ServerCertificate;
  /** What is served; equal on every worker that serves the same, so that a download can go on with another worker. */
  readonly identity: string;
  /** The session's bearer token as it is now; undefined while there is none. */
  readonly ownerToken: () => string | undefined;
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  /** Milliseconds that never jump. */
  readonly clock: () => number;
  /** A request of somebody who may come in. */
  readonly onUse: () => void;
  readonly onTaken: (item: TakenOverLink) => void;
  readonly limits?: Partial<FileServerLimits>;
}

export interface FileServer {
  readonly port: number;
  /** Links: who else may come in. */
  readonly shares: Pick<AccessBook, 'addShare' | 'endShare' | 'endShares'>;
  /** What has been done so far, and how many requests are being answered. */
  statistics(): { readonly requests: number; readonly sentBytes: number; readonly atWork: number };
  /** Ends every connection and stops what they read; leaves the service open. */
  close(): Promise<void>;
}

/**
 * The file service: a `FileService` over HTTPS (TLS 1.3 only) for the holder of a token, and below `/share` for the holders
 * of links. It knows no file of its own machine: every answer comes from the service or from this code.
 */
export async function openFileServer(options: FileServerOptions): Promise<FileServer> {
  const limits = { ...defaultFileServerLimits, ...options.limits };
  const closing = new AbortController();
  const access = openAccessBook({ ownerToken: options.ownerToken, clock: options.clock });
  const owner = requestPace(limits, options.clock);
  const visitors = requestPace(limits, options.clock);
  const counted = { requests: 0, sentBytes: 0, atWork: 0 };
  const door: Door = { options, limits, access, owner, visitors, counted, closing: closing.signal };
  const server = createServer(
    {
      key: options.certificate.key.export({ type: 'pkcs8', format: 'pem' }),
      cert: options.certificate.certificatePem,
      minVersion: 'TLSv1.3',
      handshakeTimeout: limits.headMs,
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: Math.min(2000, limits.headMs),
    },
    (request, response) => void serve(door, request, response),
  );
  server.maxConnections = limits.connections;
  server.setTimeout(limits.stalledMs, (socket) => socket.destroy());
  limitPerAddress(server, door);
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    shares: access,
    statistics: () => ({ ...counted }),
    async close() {
      closing.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Door {
  readonly options: FileServerOptions;
  readonly limits: FileServerLimits;
  readonly access: AccessBook;
  /** Of requests with the session's token. */
  readonly owner: RequestPace;
  /** Of those about links: they take nothing from the owner's. */
  readonly visitors: RequestPace;
  readonly counted: { requests: number; sentBytes: number; atWork: number };
  readonly closing: AbortSignal;
}

/** Before anything is spent on a handshake. */
function limitPerAddress(server: Server, { limits, owner }: Door): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    if (count > limits.connectionsPerAddress || owner.isBarred(address)) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}

async function serve(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.on('error', () => gone.abort());
  for (const [name, value] of Object.entries(commonHeaders)) response.setHeader(name, value);
  door.counted.atWork += 1;
  try {
    await answer(door, exchangeOf(door, request, response, gone.signal));
  } catch (thrown) {
    refuse({ request, response }, thrown);
  } finally {
    door.counted.atWork -= 1;
  }
}

function exchangeOf(
  { limits, counted, closing }: Door,
  request: IncomingMessage,
  response: ServerResponse,
  gone: AbortSignal,
): Exchange {
  return {
    request,
    response,
    url: urlOf(request),
    signal: AbortSignal.any([gone, closing]),
    bodyBytes: limits.bodyBytes,
    sent: (bytes) => {
      counted.sentBytes += bytes;
    },
  };
}

/** Only a path of this service: an absolute address or anything else is none. */
function urlOf(request: IncomingMessage): URL {
  const target = request.url ?? '';
  const url = target.startsWith('/') && URL.parse(`https://worker${target}`);
  if (url && url.host === 'worker') return url;
  throw new AppError('invalid-input', { message: 'The address of the request is not one.' });
}

async function answer(door: Door, exchange: Exchange): Promise<void> {
  const { options, access, counted, owner, visitors } = door;
  const { service, identity, onTaken, onUse } = options;
  if (isSharePath(exchange.url.pathname)) {
    const source = { service, identity, access, onUse, onTaken };
    await inTurn(visitors, () => answerShare(exchange, source));
  } else {
    requireOwner(door, exchange);
    onUse();
    await inTurn(owner, () => answerApi(exchange, { service, identity }));
  }
  counted.requests += 1;
}

function requireOwner({ access, owner }: Door, { request }: Exchange): void {
  if (access.isOwner(bearerToken(request) ?? '')) return;
  owner.refused(request.socket.remoteAddress ?? '');
  throw new AppError('not-signed-in', { message: 'The token is not the one of this session.' });
}

async function inTurn(pace: RequestPace, work: () => Promise<void>): Promise<void> {
  const leave = pace.enter();
  if (!leave) throw busy();
  try {
    await work();
  } finally {
    leave();
  }
}

function refuse(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  thrown: unknown,
): void {
  const error = toAppError(thrown);
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (error.code === 'throttled') response.setHeader('retry-after', '1');
  // What is left of a body is not read: the connection ends instead.
  if (!request.complete) response.setHeader('connection', 'close');
  sendJson({ response }, { error: error.toRecord() }, statusOf(error.code));
}

function busy(): AppError {
  return new AppError('throttled', {
    message: 'The worker has too many requests at once.',
    retryable: true,
  });
}
