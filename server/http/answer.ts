import type { ServerResponse } from 'node:http';
import { AppError, type Reply } from '../../core/contract/index.ts';
import { securityHeaders } from './content-security-policy.ts';
import type { Refusal } from './request-gate.ts';

export function answerReply(response: ServerResponse, status: number, reply: Reply): void {
  answer(response, status, 'application/json; charset=utf-8', JSON.stringify(reply));
}

/** A refusal in the form its caller can read: a reply for the API, a short page for a person. */
export function answerRefusal(response: ServerResponse, refusal: Refusal, asPage: boolean): void {
  const { status, message, hint } = refusal;
  if (asPage) {
    answer(response, status, 'text/plain; charset=utf-8', `${message}\n\n${hint}\n`);
    return;
  }
  const code = status === 401 ? 'not-signed-in' : 'permission-denied';
  answerReply(response, status, { ok: false, error: new AppError(code, { message, hint }).toRecord() });
}

/** An error in words, for a person whose browser followed a link. */
export function answerProblem(response: ServerResponse, status: number, { message, hint }: AppError): void {
  answer(response, status, 'text/plain; charset=utf-8', `${message}\n\n${hint}\n`);
}

export function answerNotFound(response: ServerResponse): void {
  answer(response, 404, 'text/plain; charset=utf-8', 'There is no such page.\n');
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    ...securityHeaders,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  response.end(body);
}
