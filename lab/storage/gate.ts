import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AzuriteServer } from './azurite-servers.ts';
import type { GateQuestion, GateVerdict } from './storage-messages.ts';

export type AskGate = (question: Omit<GateQuestion, 'kind' | 'id'>) => Promise<GateVerdict>;

/** Puts the lab's own checks before Azurite's handlers: faults, and what a token may do. */
export function putGateBefore(server: AzuriteServer, service: 'blob' | 'queue', ask: AskGate): void {
  const { httpServer } = server;
  const handlers = httpServer.listeners('request') as RequestListener[];
  httpServer.removeAllListeners('request');
  httpServer.on('request', (request: IncomingMessage, response: ServerResponse) => {
    passGate({ service, request, response }, ask).then(
      (open) => {
        if (open) for (const handle of handlers) handle.call(httpServer, request, response);
      },
      () => request.socket.destroy(),
    );
  });
}

async function passGate(
  {
    service,
    request,
    response,
  }: {
    service: 'blob' | 'queue';
    request: IncomingMessage;
    response: ServerResponse;
  },
  ask: AskGate,
): Promise<boolean> {
  const authorization = request.headers.authorization;
  const verdict = await ask({
    service,
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    bearer: authorization?.startsWith('Bearer ') ? authorization : undefined,
  });
  if (verdict.delayMs > 0) await sleep(verdict.delayMs);
  if (verdict.drop === 'before') {
    request.socket.destroy();
    return false;
  }
  if (verdict.respond !== undefined) {
    refuse({ request, response }, verdict.respond);
    return false;
  }
  if (verdict.drop === 'after') loseAnswer({ request, response });
  return true;
}

/** The request is carried out, but the connection ends when its answer should go out. */
function loseAnswer({ request, response }: { request: IncomingMessage; response: ServerResponse }): void {
  response.writeHead = () => response;
  response.write = () => true;
  response.end = () => {
    request.socket.destroy();
    return response;
  };
}

function refuse(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  refusal: NonNullable<GateVerdict['respond']>,
): void {
  const id = String(request.headers['x-ms-client-request-id'] ?? '');
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${escaped(refusal.code)}</Code><Message>${escaped(refusal.message)}\nTime:${new Date().toISOString()}</Message></Error>`;
  const bare = request.method === 'HEAD';
  request.resume();
  response.writeHead(refusal.status, {
    'x-ms-error-code': refusal.code,
    'x-ms-version': String(request.headers['x-ms-version'] ?? '2020-10-02'),
    ...(id === '' ? {} : { 'x-ms-client-request-id': id, 'x-ms-request-id': id }),
    'content-type': 'application/xml',
    ...(bare ? {} : { 'content-length': Buffer.byteLength(body) }),
    ...refusal.headers,
  });
  response.end(bare ? undefined : body);
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
