import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { AppError } from '../../contract/index.ts';

/** One request with its answer, as the routes see it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** Aborted when the other side has gone, when the service closes, or when a link has ended. */
  readonly signal: AbortSignal;
  readonly bodyBytes: number;
  /** Counts what was given out. */
  readonly sent: (bytes: number) => void;
}

/** What no answer goes without. A page of the share routes replaces the policy by its own. */
export const commonHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** The token of an `Authorization: Bearer` header; undefined without one. */
export function bearerToken(request: IncomingMessage): string | undefined {
  return /^Bearer ([A-Za-z0-9_-]{16,128})$/.exec(request.headers.authorization ?? '')?.[1];
}

export function sendJson({ response }: Pick<Exchange, 'response'>, value: unknown, status = 200): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

/** The body as what `schema` says; throws `invalid-input` for anything else or more. */
export async function readBody<T>(exchange: Exchange, schema: z.ZodType<T>): Promise<T> {
  const { request } = exchange;
  if (!/^application\/json(;|$)/.test(request.headers['content-type'] ?? ''))
    throw new AppError('invalid-input', { message: 'The request has no JSON body.' });
  return checked(schema, parseJson((await readBytes(exchange)).toString()));
}

/** Fields of the query as what `schema` says. */
export function readQuery<T>({ url }: Exchange, schema: z.ZodType<T>): T {
  return checked(schema, Object.fromEntries(url.searchParams));
}

function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('invalid-input', {
    message: `The request is not as agreed: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
  });
}

async function readBytes({ request, bodyBytes }: Exchange): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  if (Number(request.headers['content-length'] ?? 0) > bodyBytes) throw tooLarge();
  for await (const piece of request) {
    length += (piece as Buffer).length;
    if (length > bodyBytes) throw tooLarge();
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces);
}

function tooLarge(): AppError {
  return new AppError('invalid-input', { message: 'The request is too large.' });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('invalid-input', { message: 'The request is not JSON.' });
  }
}
