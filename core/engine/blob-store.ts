/**
 * The port between the engine and wherever a repository lives.
 *
 * A store keeps named objects that are written once and never changed. The format needs nothing else:
 * even the owner record is a sequence of write-once objects, so there is no mutable object and a container
 * under an immutability policy can hold a repository.
 */

export interface BlobInfo {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** The store's own clock. Information for people; no rule of the engine depends on it. */
  readonly modifiedAt: Date;
}

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** One object's bytes; several parts are stored one after another without being joined first. */
export type BlobBody = Uint8Array | readonly Uint8Array[];

/**
 * What every store promises (proven by `testing/blob-store-conformance.ts`):
 * - names are `[a-z0-9./-]`, at most 200 characters, no empty, `.` or `..` segment;
 * - a `put` that resolved is durable and visible to every later `get`, `head` and `list` of anybody;
 * - a name is seen either with all of its bytes or not at all;
 * - of several concurrent `put`s of one name exactly one wins.
 *
 * Errors are `AppError`s; `retryable` says whether the same call may succeed later.
 */
export interface BlobStore {
  /**
   * Creates an object. `already-exists` when the name is taken, by whomever and with whatever bytes. When the promise
   * has resolved the caller uses the body's memory again.
   */
  put(name: string, body: BlobBody, signal?: AbortSignal): Promise<void>;
  /**
   * The object's bytes, or those of `range`. A range that reaches past the end gives what there is,
   * possibly nothing. `not-found` when there is no such object.
   * The bytes are the caller's: the store keeps no hold of their memory.
   */
  get(name: string, range?: ByteRange, signal?: AbortSignal): Promise<Uint8Array>;
  /**
   * The same into memory of the caller: the object's bytes from `offset` on, as many as there are and fit; gives
   * their number. For stores that need no memory of their own for it; where it is missing, `get` does.
   */
  getInto?(name: string, offset: number, target: Uint8Array, signal?: AbortSignal): Promise<number>;
  head(name: string, signal?: AbortSignal): Promise<BlobInfo | undefined>;
  /** Every object whose name starts with `prefix`, in ascending order of names (code units). */
  list(prefix: string, signal?: AbortSignal): AsyncIterable<BlobInfo>;
  /** Removes an object; quiet when it is not there. */
  delete(name: string, signal?: AbortSignal): Promise<void>;
}
