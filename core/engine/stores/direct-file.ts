import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { isPageMemory } from '../page-memory.ts';

/** Enough for every drive: the largest logical sector and the page (open(2), O_DIRECT). */
const alignment = 4096;
/** Below this the page cache is faster than waiting for the drive. */
const leastDirect = 1024 * 1024;

export type DirectFileMode = 'read' | 'create' | 'overwrite';

interface Transfer {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * A file whose large pieces go between {@link pageMemory} and the drive past the page cache: half of the processor time
 * of reading a disk image or writing one was the kernel copying it (`docs/adr/0011-engine-speed.md`), and a disk read
 * or written once pushes everything else out of the cache. What is small, does not lie on page boundaries, or is
 * on a file system that refuses it takes the ordinary way; so does everything where there is no `O_DIRECT`.
 */
export class DirectFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #flag: number;
  #direct: Promise<FileHandle | undefined> | undefined;
  #refused = constants.O_DIRECT === undefined;

  private constructor(path: string, file: FileHandle, mode: DirectFileMode) {
    this.#path = path;
    this.#file = file;
    this.#flag = mode === 'read' ? constants.O_RDONLY : constants.O_WRONLY;
  }

  /** `create` fails with `EEXIST` when the file is there. */
  static async open(path: string, mode: DirectFileMode): Promise<DirectFile> {
    const flags = { read: 'r', create: 'wx', overwrite: 'w' };
    return new DirectFile(path, await open(path, flags[mode]), mode);
  }

  /** Bytes. */
  async size(): Promise<number> {
    return (await this.#file.stat()).size;
  }

  truncate(size: number): Promise<void> {
    return this.#file.truncate(size);
  }

  /** Fills `bytes` from `offset` on; gives how many there were before the file's end. */
  async readInto(offset: number, bytes: Uint8Array): Promise<number> {
    const done = await this.#directly({ offset, bytes }, (file, part, at) =>
      file.read(part, 0, part.length, at).then(({ bytesRead }) => bytesRead),
    );
    return done + (await this.#readOrdinarily(offset + done, bytes.subarray(done)));
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    const start = await this.#directly({ offset, bytes }, (file, part, at) =>
      file.write(part, 0, part.length, at).then(({ bytesWritten }) => bytesWritten),
    );
    for (let done = start; done < bytes.length; ) {
      done += (await this.#file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
    }
  }

  /** All that was written is on the drive, whichever way it took. */
  sync(): Promise<void> {
    return this.#file.sync();
  }

  datasync(): Promise<void> {
    return this.#file.datasync();
  }

  async close(): Promise<void> {
    await (await this.#direct)?.close();
    await this.#file.close();
  }

  async #readOrdinarily(offset: number, bytes: Uint8Array): Promise<number> {
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await this.#file.read(bytes, done, bytes.length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return done;
  }

  /** Moves as much of the beginning as can go this way, possibly nothing; gives its length. */
  async #directly(
    { offset, bytes }: Transfer,
    move: (file: FileHandle, part: Uint8Array, offset: number) => Promise<number>,
  ): Promise<number> {
    const length = bytes.length - (bytes.length % alignment);
    if (this.#refused || length < leastDirect || !isAligned(offset, bytes)) return 0;
    this.#direct ??= this.#openDirect();
    const file = await this.#direct;
    if (file === undefined) return 0;
    try {
      const moved = await move(file, bytes.subarray(0, length), offset);
      return moved - (moved % alignment);
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      this.#refused = true;
      return 0;
    }
  }

  async #openDirect(): Promise<FileHandle | undefined> {
    try {
      return await open(this.#path, this.#flag | constants.O_DIRECT);
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      this.#refused = true;
      return undefined;
    }
  }
}

function isAligned(offset: number, bytes: Uint8Array): boolean {
  return isPageMemory(bytes) && offset % alignment === 0 && bytes.byteOffset % alignment === 0;
}

/** `EINVAL`: not on this file system or not at these boundaries (open(2)). Nothing has been moved then. */
function isRefusal(thrown: unknown): boolean {
  return (
    thrown instanceof Error && 'code' in thrown && (thrown.code === 'EINVAL' || thrown.code === 'ENOTSUP')
  );
}
