import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Zeros at least this long and at such a place stay a hole. */
const HOLE = 64 * 1024;
const ZEROS = Buffer.alloc(HOLE);
const READ_STEP = 1024 * 1024;

/** A file while it is written: its bytes come in order, long zeros are left out, and their SHA-256 is kept. */
export class PartFile {
  readonly #handle: FileHandle;
  readonly #hash: Hash;
  #length: number;

  private constructor(handle: FileHandle, hash: Hash, length: number) {
    this.#handle = handle;
    this.#hash = hash;
    this.#length = length;
  }

  /** A new file; something that is there under this name is not followed and makes it fail. */
  static async create(path: string): Promise<PartFile> {
    return new PartFile(await open(path, 'wx', 0o600), createHash('sha256'), 0);
  }

  /** Goes on behind the first `length` bytes; their hash is made anew. Undefined when there are fewer. */
  static async goOn(path: string, length: number, signal: AbortSignal): Promise<PartFile | undefined> {
    const handle = await open(path, 'r+').catch(() => undefined);
    if (handle === undefined) return undefined;
    try {
      const hash = createHash('sha256');
      if (await hashed(handle, length, hash, signal)) {
        await handle.truncate(length);
        return new PartFile(handle, hash, length);
      }
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    return undefined;
  }

  get length(): number {
    return this.#length;
  }

  /** The SHA-256 of the bytes so far. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }

  async write(piece: Uint8Array): Promise<void> {
    this.#hash.update(piece);
    for (let at = 0; at < piece.length; ) {
      const zeros = holeAt(piece, at, this.#length + at);
      const end = zeros > 0 ? at + zeros : dataEnd(piece, at, this.#length + at);
      if (zeros === 0) await this.#writeAll(piece.subarray(at, end), this.#length + at);
      at = end;
    }
    this.#length += piece.length;
  }

  /** All bytes so far are on the disk when this resolves. */
  async flush(): Promise<void> {
    await this.#handle.truncate(this.#length);
    await this.#handle.datasync();
  }

  /** Gives the file its length and closes it; `durable`: after its bytes are on the disk. */
  async finish(durable: boolean): Promise<void> {
    if (durable) await this.flush();
    else await this.#handle.truncate(this.#length);
    await this.#handle.close();
  }

  /** Closes it as it is; quiet when it is closed already. */
  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #writeAll(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
  }
}

/** Length of the zeros at `at` that stay a hole, a multiple of the hole's size; 0 for none. */
function holeAt(piece: Uint8Array, at: number, position: number): number {
  if (position % HOLE !== 0) return 0;
  let length = 0;
  while (isZero(piece, at + length)) length += HOLE;
  return length;
}

/** Where the data that starts at `at` ends, at the latest: the next place at which a hole may start. */
function dataEnd(piece: Uint8Array, at: number, position: number): number {
  let end = Math.min(piece.length, at + HOLE - (position % HOLE));
  while (end < piece.length && !isZero(piece, end)) end = Math.min(piece.length, end + HOLE);
  return end;
}

function isZero(piece: Uint8Array, at: number): boolean {
  return at + HOLE <= piece.length && ZEROS.equals(piece.subarray(at, at + HOLE));
}

async function hashed(handle: FileHandle, length: number, hash: Hash, signal: AbortSignal): Promise<boolean> {
  const buffer = Buffer.allocUnsafe(READ_STEP);
  for (let at = 0; at < length; ) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, Math.min(READ_STEP, length - at), at);
    if (bytesRead === 0) return false;
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return true;
}

/** The SHA-256 of a file; undefined when it is not a file of exactly this length. */
export async function hashOfFile(
  path: string,
  length: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  if (handle === undefined) return undefined;
  try {
    const hash = createHash('sha256');
    const found = await handle.stat();
    const whole = found.isFile() && found.size === length && (await hashed(handle, length, hash, signal));
    return whole ? hash.digest('hex') : undefined;
  } finally {
    await handle.close();
  }
}
