import type { IncomingMessage } from 'node:http';
import { AppError } from '../../core/contract/index.ts';

/** Larger than any input of the contract (a certificate is the longest), far smaller than what could hurt. */
export const maximumBodyBytes = 1024 * 1024;

/** The JSON value of a request's body. Throws `invalid-input`; a body over the limit is not read to its end. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    throw refused('The body must be JSON, with content-type application/json.');
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maximumBodyBytes) throw new BodyTooLargeError();
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw refused('The body is not valid JSON.');
  }
}

export class BodyTooLargeError extends AppError {
  constructor() {
    super('invalid-input', {
      message: `The body is larger than ${maximumBodyBytes} bytes.`,
      details: { limit: String(maximumBodyBytes) },
    });
  }
}

function refused(message: string): AppError {
  return new AppError('invalid-input', { message, details: { field: 'body' } });
}
