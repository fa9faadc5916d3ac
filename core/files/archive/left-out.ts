/** Name of an archive's last entry, or of a file in a folder, when something could not be taken along. */
export const LEFT_OUT_NAME = 'CAIRN-NOT-INCLUDED.txt';

const MOST_LINES = 100_000;

/** Collects what does not come along, and why. */
export class LeftOut {
  readonly #lines: string[] = [];
  readonly #onAdded: ((path: string, reason: string) => void) | undefined;
  #count = 0;

  constructor(onAdded?: (path: string, reason: string) => void) {
    this.#onAdded = onAdded;
  }

  get count(): number {
    return this.#count;
  }

  add(path: string, reason: string): void {
    this.#count++;
    this.#onAdded?.(path, reason);
    if (this.#lines.length < MOST_LINES) this.#lines.push(`${path}: ${reason}`);
  }

  /** One line each; names are in the contract's form, which has no line breaks. */
  text(where: 'archive' | 'folder' = 'archive'): string {
    const more = this.#count - this.#lines.length;
    const lines = [`Not in this ${where}, or not as it was:`, '', ...this.#lines];
    return `${[...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')}\n`;
  }
}
