import { createHash } from 'node:crypto';
import type { TakenOverLink } from './shared-item.ts';

type Outcome = Pick<TakenOverLink, 'bytes' | 'sha256' | 'outcome'>;

/**
 * The same bytes; tells at their end, however it comes, how many there were and their hash. `whole`: they are everything
 * that there is, so that the hash means something.
 */
export async function* taking(
  bytes: AsyncIterable<Uint8Array>,
  watch: {
    readonly whole: boolean;
    readonly signal: AbortSignal;
    readonly onEnd: (outcome: Outcome) => void;
  },
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let count = 0;
  let outcome: TakenOverLink['outcome'] = 'cancelled';
  try {
    for await (const piece of bytes) {
      hash.update(piece);
      count += piece.length;
      yield piece;
    }
    outcome = watch.whole ? 'done' : 'partial';
  } catch (thrown) {
    outcome = watch.signal.aborted ? 'cancelled' : 'failed';
    throw thrown;
  } finally {
    // What failed before anything was given out was not taken.
    if (count > 0 || outcome === 'done')
      watch.onEnd({ bytes: count, sha256: outcome === 'done' ? hash.digest('hex') : null, outcome });
  }
}
