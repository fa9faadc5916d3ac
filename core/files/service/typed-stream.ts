import { toAppError } from '../../contract/index.ts';
import { cancelled } from './abortable.ts';

/** The same pieces; what is thrown becomes an AppError, and an aborted signal ends it before its next piece. */
export async function* typedStream<Piece>(
  make: () => AsyncIterable<Piece> | Promise<AsyncIterable<Piece>>,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  try {
    for await (const piece of await make()) {
      if (signal.aborted) throw cancelled();
      yield piece;
    }
  } catch (thrown) {
    // What was being read may have been closed under it.
    throw signal.aborted ? cancelled() : toAppError(thrown);
  }
}
