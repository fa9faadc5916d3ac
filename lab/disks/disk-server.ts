import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultMatcher } from '../ports.ts';
import type { KeyAndCertificate } from '../tls/index.ts';
import { BlobError, blobErrorXml } from './blob-error.ts';
import { newPieceMemory, type PageBlobServiceDeps, servePageBlob } from './page-blob-service.ts';

export interface DiskServerOptions extends Omit<PageBlobServiceDeps, 'origin' | 'pieces'> {
  /** 0 takes any free port. */
  readonly port: number;
  readonly tls: KeyAndCertificate;
  readonly faults: FaultMatcher;
  readonly newId: () => string;
  readonly now: () => number;
  /** A request that failed for no reason of the client's: a defect of the lab. */
  readonly onDefect: (error: unknown) => void;
}

export interface DiskServer {
  /** `https://localhost:PORT`. */
  readonly origin: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Opens the https server behind every managed-disk SAS. */
export async function openDiskServer(options: DiskServerOptions): Promise<DiskServer> {
  const server = createServer({ cert: options.tls.certificatePem, key: options.tls.keyPem });
  let origin = '';
  const deps: PageBlobServiceDeps = {
    ...options,
    origin: () => origin,
    pieces: newPieceMemory(),
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void answer(options, deps, { request, response, origin });
  });
  server.keepAliveTimeout = 120_000;
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  origin = `https://localhost:${port}`;
  return {
    origin,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  options: DiskServerOptions,
  deps: PageBlobServiceDeps,
  exchange: { request: IncomingMessage; response: ServerResponse; origin: string },
): Promise<void> {
  const { request, response } = exchange;
  const requestId = options.newId();
  try {
    const url = new URL(request.url ?? '/', exchange.origin);
    response.setHeader('x-ms-request-id', requestId);
    response.setHeader('x-ms-version', String(request.headers['x-ms-version'] ?? '2018-03-28'));
    const clientId = request.headers['x-ms-client-request-id'];
    if (clientId !== undefined) response.setHeader('x-ms-client-request-id', clientId);
    if (await faulted(options, { ...exchange, url })) return;
    await servePageBlob(deps, { request, response, url });
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    if (error instanceof BlobError) return sendError(exchange, error, { requestId, now: options.now() });
    options.onDefect(error);
    response.destroy();
  }
}

/** Applies the fault that someone switched on for this request; true when it needs no other answer. */
async function faulted(
  { faults }: DiskServerOptions,
  { request, response, url }: { request: IncomingMessage; response: ServerResponse; url: URL },
): Promise<boolean> {
  const fault = faults.match({
    service: 'disk',
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
  });
  if (fault === undefined) return false;
  if (fault.delayMs > 0) await sleep(fault.delayMs);
  if (fault.drop === 'before') {
    request.socket.destroy();
    return true;
  }
  if (fault.respond !== undefined) {
    const { status, code, message, headers } = fault.respond;
    throw new BlobError(status, code, message, headers);
  }
  if (fault.drop === 'after') {
    // The request goes on; only its answer never leaves.
    response.write = () => true;
    response.end = () => {
      request.socket.destroy();
      return response;
    };
  }
  return false;
}

function sendError(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  error: BlobError,
  context: { requestId: string; now: number },
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const bare = request.method === 'HEAD' || error.status === 304;
  const xml = bare ? '' : blobErrorXml(error, context.requestId, new Date(context.now));
  // A body that nobody reads would block the connection for the next request.
  request.resume();
  response.writeHead(error.status, {
    'x-ms-error-code': error.code,
    'content-type': 'application/xml',
    ...(bare ? {} : { 'content-length': Buffer.byteLength(xml) }),
    ...error.headers,
  });
  response.end(xml);
}
