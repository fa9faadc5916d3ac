/**
 * Bits from words of 16, the highest first, with bytes between the words. Behind the end all bits are zero:
 * whoever reads must stop by the size of what is to come out.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array, start = 0) {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** Whether more was taken than there is. */
  get isSpent(): boolean {
    return this.#at > this.#bytes.length + 4;
  }

  /** Takes in a word if fewer than 16 bits are at hand; where bytes stand between words this place counts. */
  fill(): void {
    if (this.#count >= 16) return;
    this.#held = ((this.#held & 0xffff) << 16) | this.u16();
    this.#count += 16;
  }

  /** The next `count` bits, at most 16. */
  take(count: number): number {
    this.fill();
    this.#count -= count;
    return (this.#held >>> this.#count) & ((1 << count) - 1);
  }

  /** The next 16 bits without taking them. */
  peek(): number {
    this.fill();
    return (this.#held >>> (this.#count - 16)) & 0xffff;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  u16(): number {
    return this.byte() | (this.byte() << 8);
  }

  u32(): number {
    return this.u16() + this.u16() * 65536;
  }

  /** Leaves the rest of the word that is being read; at the border of two words the next one as a whole. */
  align(): void {
    if (this.#count === 0) this.#at += 2;
    if (this.#count > 16) this.#at -= 2;
    this.#count = 0;
  }
}
