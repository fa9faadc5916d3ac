import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { KeyAndCertificate } from '../tls/index.ts';
import type { LabRequest, LabResponse, Service } from './message.ts';

const maxBodyBytes = 4 * 1024 * 1024;

/** What a service may throw to cut the connection without an answer. */
export class DropConnection extends Error {}

export interface FrontDoorOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Without it the server speaks plain http. */
  readonly tls?: KeyAndCertificate;
  readonly service: Service;
  /** Told about a service that threw: a defect of the lab. */
  readonly onDefect: (error: unknown, request: LabRequest) => void;
}

export interface FrontDoor {
  /** `https://localhost:PORT`, or the given host for plain http. */
  readonly origin: string;
  readonly port: number;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new DropConnection('body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function plainHeaders(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function send(outgoing: ServerResponse, response: LabResponse, head: boolean): void {
  const { body } = response;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'object' ? { 'content-type': 'application/json; charset=utf-8' } : {};
  const length = response.status === 204 ? {} : { 'content-length': String(Buffer.byteLength(text)) };
  outgoing.writeHead(response.status, {
    'cache-control': 'no-cache',
    ...type,
    ...length,
    ...response.headers,
  });
  outgoing.end(head ? undefined : text);
}

function decodedPath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

/** Opens a server whose requests all go to `service`. */
export async function openFrontDoor(options: FrontDoorOptions): Promise<FrontDoor> {
  const closing = new AbortController();
  const scheme = options.tls ? 'https' : 'http';
  const origin = { value: '' };

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    outgoing.on('close', () => gone.abort());
    const url = new URL(incoming.url ?? '/', origin.value);
    const request: LabRequest = {
      method: incoming.method ?? 'GET',
      path: decodedPath(url.pathname),
      query: url.searchParams,
      headers: plainHeaders(incoming),
      body: await readBody(incoming),
      origin: origin.value,
      signal: AbortSignal.any([gone.signal, closing.signal]),
    };
    try {
      send(outgoing, await options.service(request), request.method === 'HEAD');
    } catch (error) {
      if (!(error instanceof DropConnection) && !closing.signal.aborted) options.onDefect(error, request);
      throw error;
    }
  };
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    // Kept now: a request that was given up in the middle no longer knows its socket.
    const { socket } = incoming;
    handle(incoming, outgoing).catch(() => socket.destroy());
  };
  const server = options.tls
    ? createHttpsServer({ cert: options.tls.certificatePem, key: options.tls.keyPem }, listener)
    : createHttpServer(listener);
  // Clients keep connections for a while; a short time-out on our side would look like random resets.
  server.keepAliveTimeout = 120_000;

  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  origin.value = `${scheme}://${options.tls ? 'localhost' : options.host}:${port}`;
  return {
    origin: origin.value,
    port,
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { host, port }: FrontDoorOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
