import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError, toAppError } from '../../core/contract/index.ts';
import type { Core, RandomBytes } from '../../core/host.ts';
import { readPageFile } from '../pages/page-files.ts';
import { answerNotFound, answerRefusal, answerReply } from './answer.ts';
import { type BrowserSessions, createBrowserSessions } from './browser-sessions.ts';
import { securityHeaders } from './content-security-policy.ts';
import { answerDownload } from './download-answer.ts';
import { streamEvents } from './event-stream.ts';
import { BodyTooLargeError, readJsonBody } from './json-body.ts';
import { cookieName, isOurHost, refusalOf } from './request-gate.ts';

export interface HttpServerOptions {
  readonly core: Core;
  /** Folder of the built console. */
  readonly pages: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly random: RandomBytes;
  /** What attached shells and the command line on this computer show. */
  readonly bearerToken: string;
}

export interface HttpServer {
  /** `http://127.0.0.1:PORT`. */
  readonly address: string;
  /** An address that signs one browser in, once. */
  newStartAddress(): string;
  close(): Promise<void>;
}

interface Door extends HttpServerOptions {
  readonly sessions: BrowserSessions;
  readonly port: number;
}

/**
 * Serves the console and the contract on loopback, and nothing but loopback. Throws `conflict` when the port is
 * taken.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const sessions = createBrowserSessions(options.random, options.bearerToken);
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 20_000 });
  const port = await listen(server, options.port);
  const door: Door = { ...options, sessions, port };
  server.on('request', (request, response) => void handle(door, request, response));
  const address = `http://127.0.0.1:${port}`;
  return {
    address,
    newStartAddress: () => `${address}/start?token=${sessions.newStartToken()}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(portError(error, port)));
    server.listen({ host: '127.0.0.1', port }, () => resolve((server.address() as AddressInfo).port));
  });
}

function portError(error: Error, port: number): AppError {
  const taken = 'code' in error && error.code === 'EADDRINUSE';
  return new AppError(taken ? 'conflict' : 'internal', {
    message: taken ? `Port ${port} is taken by another program.` : `Port ${port} cannot be opened.`,
    hint: 'Choose another port with --port, or leave it out to get a free one.',
    details: { reason: error.message },
    cause: error,
  });
}

async function handle(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await route(door, request, response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else answerReply(response, 500, { ok: false, error: toAppError(error).toRecord() });
  }
}

async function route(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://loopback');
  const isApi = url.pathname.startsWith('/api/');
  if (
    url.pathname === '/start' &&
    request.method === 'GET' &&
    isOurHost(request.headers.host ?? '', door.port)
  )
    return signIn(door, url.searchParams.get('token') ?? '', response);
  const refusal = refusalOf(request, door);
  if (refusal !== null) return answerRefusal(response, refusal, !isApi);
  if (isApi) return api(door, url.pathname, request, response);
  if (request.method !== 'GET' && request.method !== 'HEAD') return answerNotFound(response);
  return page(door, url.pathname, request, response);
}

function signIn(door: Door, startToken: string, response: ServerResponse): void {
  const session = door.sessions.redeem(startToken);
  if (session === null) {
    const message = 'This address has been used before, or was never given out.';
    answerRefusal(response, { status: 401, message, hint: 'Run `cairn open` for a new one.' }, true);
    return;
  }
  response.writeHead(303, {
    ...securityHeaders,
    location: '/',
    'set-cookie': `${cookieName(door.port)}=${session}; HttpOnly; SameSite=Strict; Path=/`,
    'cache-control': 'no-store',
  });
  response.end();
}

async function api(
  door: Door,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const procedure = /^\/api\/call\/([\w.-]{1,100})$/.exec(pathname)?.[1];
  if (procedure !== undefined && request.method === 'POST') return call(door, procedure, request, response);
  const download = /^\/api\/downloads\/([a-z0-9]{1,64})$/.exec(pathname)?.[1];
  if (download !== undefined && (request.method === 'GET' || request.method === 'HEAD'))
    return answerDownload(door.core, download, request, response);
  if (pathname === '/api/events' && request.method === 'GET') return streamEvents(door.core, response);
  // Only a process that can read the bearer token may sign further browsers in; a page may not.
  const isBearer = door.sessions.isBearer(request.headers.authorization);
  if (pathname === '/api/start-address' && request.method === 'POST' && isBearer) {
    const address = `http://127.0.0.1:${door.port}/start?token=${door.sessions.newStartToken()}`;
    return answerReply(response, 200, { ok: true, value: { address } });
  }
  const error = new AppError('not-found', { message: `There is no ${request.method} ${pathname}.` });
  answerReply(response, 404, { ok: false, error: error.toRecord() });
}

/** Answers 200 with a reply for whatever core says; other statuses mean that core was never asked. */
async function call(
  door: Door,
  procedure: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let input: unknown;
  try {
    input = await readJsonBody(request);
  } catch (error) {
    const tooLarge = error instanceof BodyTooLargeError;
    if (tooLarge) response.setHeader('connection', 'close');
    return answerReply(response, tooLarge ? 413 : 400, { ok: false, error: toAppError(error).toRecord() });
  }
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  answerReply(response, 200, await door.core.dispatch(procedure, input, gone.signal));
}

async function page(
  door: Door,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const newNonce = () => Buffer.from(door.random(18)).toString('base64');
  const file = await readPageFile(door.pages, pathname, newNonce);
  if (file === null) return answerNotFound(response);
  response.writeHead(200, { ...file.headers, 'content-length': file.body.length });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}
