/** Name of an archive's last entry when something could not be taken along. */
export const LEFT_OUT_NAME = 'CAIRN-NOT-INCLUDED.txt';

const MOST_LINES = 100_000;

/** Collects what an archive does not hold, and why. */
export class LeftOut {
  readonly #lines: string[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(path: string, reason: string): void {
    this.#count++;
    if (this.#lines.length < MOST_LINES) this.#lines.push(`${path}: ${reason}`);
  }

  /** One line each; names are in the contract's form, which has no line breaks. */
  text(): string {
    const more = this.#count - this.#lines.length;
    const lines = ['Not included in this archive, or not completely:', '', ...this.#lines];
    return `${[...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')}\n`;
  }
}
