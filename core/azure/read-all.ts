import { AppError } from '../contract/index.ts';

/** All bytes of an answer in one buffer; a body that ends early is a broken connection, not data. */
export async function readAll(
  body: NodeJS.ReadableStream | undefined,
  length: number | undefined,
): Promise<Uint8Array> {
  const expected = length ?? 0;
  const bytes = Buffer.allocUnsafe(expected);
  let filled = 0;
  if (body) {
    for await (const chunk of body) {
      const part = chunk as Buffer;
      if (filled + part.length > expected) throw brokenAnswer(expected, filled + part.length);
      part.copy(bytes, filled);
      filled += part.length;
    }
  }
  if (filled !== expected) throw brokenAnswer(expected, filled);
  return bytes;
}

function brokenAnswer(expected: number, got: number): AppError {
  return new AppError('unreachable', {
    message: 'An answer of the storage service was cut off.',
    hint: 'Check the network, then try again.',
    retryable: true,
    details: { expected: String(expected), got: String(got) },
  });
}
