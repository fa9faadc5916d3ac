import { AppError } from '../../contract/index.ts';
import type { ReadableDisk } from './readable-disk.ts';

const PAGE = 4096;

/**
 * A throw-away overlay in memory: log replay writes patches here, never to the disk. Holds at most `budget`
 * bytes of changed pages.
 */
export class PatchedDisk implements ReadableDisk {
  readonly size: number;
  readonly #disk: ReadableDisk;
  readonly #budget: number;
  readonly #pages = new Map<number, Uint8Array>();

  constructor(disk: ReadableDisk, budget: number) {
    this.#disk = disk;
    this.size = disk.size;
    this.#budget = budget;
  }

  async read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    const base = await this.#disk.read(offset, length, signal);
    let out: Uint8Array | undefined;
    const last = Math.floor((offset + length - 1) / PAGE);
    for (let page = Math.floor(offset / PAGE); page <= last; page++) {
      const changed = this.#pages.get(page);
      if (changed === undefined) continue;
      out ??= new Uint8Array(base);
      const from = Math.max(offset, page * PAGE);
      const to = Math.min(offset + length, page * PAGE + changed.length);
      out.set(changed.subarray(from - page * PAGE, to - page * PAGE), from - offset);
    }
    return out ?? base;
  }

  /** Puts `bytes` at `offset` for later reads. Throws `not-supported` when the budget is used up. */
  async write(offset: number, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const page = Math.floor((offset + done) / PAGE);
      const inPage = offset + done - page * PAGE;
      const content = this.#pages.get(page) ?? (await this.#take(page, signal));
      const part = bytes.subarray(done, done + Math.min(bytes.length - done, content.length - inPage));
      content.set(part, inPage);
      done += part.length;
    }
  }

  async #take(page: number, signal: AbortSignal): Promise<Uint8Array> {
    if ((this.#pages.size + 1) * PAGE > this.#budget)
      throw new AppError('not-supported', {
        message: 'The journal of this volume changes more than fits in the memory allowed for replaying it.',
      });
    const length = Math.min(PAGE, this.size - page * PAGE);
    const content = Uint8Array.from(await this.#disk.read(page * PAGE, length, signal));
    this.#pages.set(page, content);
    return content;
  }
}
