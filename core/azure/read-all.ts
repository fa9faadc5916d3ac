import { AppError } from '../contract/index.ts';

/** All bytes of an answer in one buffer; a body that ends early is a broken connection, not data. */
export async function readAll(
  body: NodeJS.ReadableStream | undefined,
  length: number | undefined,
): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(length ?? 0);
  await readAllInto(body, bytes);
  return bytes;
}

/** The same into memory of the caller, which the answer must fill. */
export async function readAllInto(
  body: NodeJS.ReadableStream | undefined,
  target: Uint8Array,
): Promise<void> {
  let filled = 0;
  if (body) {
    for await (const chunk of body) {
      const part = chunk as Buffer;
      if (filled + part.length > target.length) throw brokenAnswer(target.length, filled + part.length);
      target.set(part, filled);
      filled += part.length;
    }
  }
  if (filled !== target.length) throw brokenAnswer(target.length, filled);
}

function brokenAnswer(expected: number, got: number): AppError {
  return new AppError('unreachable', {
    message: 'An answer of the storage service was cut off.',
    hint: 'Check the network, then try again.',
    retryable: true,
    details: { expected: String(expected), got: String(got) },
  });
}
