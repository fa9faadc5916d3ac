/** Blocks from `first` up to and without `after`. */
export interface BlockSpan {
  readonly first: number;
  readonly after: number;
}

interface Stream {
  /** The last block asked for. */
  last: number;
  /** Blocks to have ready behind `last`; doubles while the stream goes on. */
  window: number;
  /** Everything below was fetched ahead already. */
  fetched: number;
}

/** A directory is read between pieces of a file, and several files at once. */
const maxStreams = 4;
const firstWindow = 2;

/**
 * Recognises reads that go through the disk in order and says what to fetch before it is asked for: little at
 * first, twice as much with every further read, up to `maxWindow` blocks for all streams. Random reads cause nothing.
 */
export class SequentialStreams {
  readonly #maxWindow: number;
  /** The most recently used one last. */
  readonly #streams: Stream[] = [];

  constructor(maxWindow: number) {
    this.#maxWindow = maxWindow;
  }

  /** To be told of every read. The span to fetch now, which may reach past the end of the disk. */
  follow(read: BlockSpan): BlockSpan | undefined {
    const last = read.after - 1;
    const at = this.#streams.findIndex(
      (stream) => read.first >= stream.last && read.first <= stream.last + 1 && last > stream.last,
    );
    if (at < 0) return this.#begin(read, last);
    const [stream] = this.#streams.splice(at, 1);
    if (stream === undefined) return undefined;
    this.#streams.push(stream);
    stream.last = last;
    stream.window = Math.min(this.#share(), stream.window * 2);
    return this.#refill(stream);
  }

  #begin(read: BlockSpan, last: number): undefined {
    // Small reads within the block of a stream leave it where it is.
    if (this.#streams.some((stream) => stream.last === last)) return;
    this.#streams.push({ last, window: firstWindow, fetched: read.after });
    if (this.#streams.length > maxStreams) this.#streams.shift();
  }

  /** What is fetched ahead has to stay until it is asked for, so streams divide the room. */
  #share(): number {
    const running = this.#streams.filter((stream) => stream.window > firstWindow).length;
    return Math.floor(this.#maxWindow / Math.max(1, running));
  }

  /** Half a window at a time, so that neighbouring blocks are fetched by one request. */
  #refill(stream: Stream): BlockSpan | undefined {
    const first = Math.max(stream.fetched, stream.last + 1);
    const after = stream.last + 1 + stream.window;
    if (after <= first || after - first < stream.window / 2) return undefined;
    stream.fetched = after;
    return { first, after };
  }
}
