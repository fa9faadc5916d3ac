import { promisify } from 'node:util';
import { createDeflateRaw, deflateRaw } from 'node:zlib';

/** Quick: an archive is a way to carry files, and what reads it last is a disk. */
const LEVEL = 2;
/** A sample must become smaller by this share, or its file is only wrapped. */
const WORTH_IT = 0.95;
const SAMPLE = 128 * 1024;

const deflateOnce = promisify(deflateRaw) as (
  bytes: Uint8Array,
  options: { level: number },
) => Promise<Uint8Array>;

/** The deflated bytes, or undefined when storing them as they are is hardly larger. */
export async function deflatedIfWorth(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  if (bytes.length === 0) return undefined;
  const packed = await deflateOnce(bytes, { level: LEVEL });
  return packed.length <= bytes.length * WORTH_IT ? packed : undefined;
}

/**
 * A deflate stream of pieces of unknown length. What does not compress is wrapped only (deflate's own stored blocks),
 * so that the end of the data can be found without knowing its length.
 */
export async function* deflatedPieces(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = pieces[Symbol.asyncIterator]();
  const first = await source.next();
  const sample = first.done ? new Uint8Array(0) : first.value.subarray(0, SAMPLE);
  const level = (await deflatedIfWorth(sample)) === undefined ? 0 : LEVEL;
  const stream = createDeflateRaw({ level, chunkSize: 256 * 1024 });
  const feeding = feed(stream, first, source);
  feeding.catch((error: Error) => stream.destroy(error));
  try {
    for await (const packed of stream) yield packed as Uint8Array;
    await feeding;
  } finally {
    stream.destroy();
    await source.return?.();
  }
}

async function feed(
  stream: ReturnType<typeof createDeflateRaw>,
  first: IteratorResult<Uint8Array>,
  source: AsyncIterator<Uint8Array>,
): Promise<void> {
  for (let step = first; !step.done && !stream.destroyed; step = await source.next())
    await new Promise<void>((resolve, reject) => {
      stream.write(step.value, (error) => (error ? reject(error) : resolve()));
    });
  stream.end();
}
