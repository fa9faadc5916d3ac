import type { ReadableDisk } from '../disk/index.ts';

const HEAD = 132 * 1024 + 4096;
const TAIL = 128 * 1024;
const RAID_MAGIC = Buffer.from('fc4e2ba9', 'hex');
const ZFS_MAGIC = ['0cb1ba0000000000', '0000000000bab10c'].map((hex) => Buffer.from(hex, 'hex'));

/** The first and last bytes of a volume, where all signatures are. */
export class Probe {
  readonly size: number;
  readonly #head: Uint8Array;
  readonly #tail: Uint8Array;

  private constructor(size: number, head: Uint8Array, tail: Uint8Array) {
    this.size = size;
    this.#head = head;
    this.#tail = tail;
  }

  static async of(disk: ReadableDisk, signal: AbortSignal): Promise<Probe> {
    const head = await disk.read(0, Math.min(HEAD, disk.size), signal);
    const tailLength = Math.min(TAIL, disk.size);
    return new Probe(disk.size, head, await disk.read(disk.size - tailLength, tailLength, signal));
  }

  /** Whether `expected` stands at `at`, counted from the start and within the first part. */
  has(at: number, expected: Uint8Array): boolean {
    return at + expected.length <= this.#head.length && equal(this.#head, at, expected);
  }

  byte(at: number): number {
    return this.#head[at] ?? 0;
  }

  u16(at: number): number {
    return this.byte(at) + this.byte(at + 1) * 256;
  }

  u32(at: number): number {
    return this.u16(at) + this.u16(at + 2) * 65536;
  }

  isBlank(): boolean {
    return this.#head.every((byte) => byte === 0);
  }

  /** Versions 1.1 and 1.2 near the start, 1.0 and 0.90 near the end. */
  hasRaidSuperblock(): boolean {
    if (this.has(0, RAID_MAGIC) || this.has(4096, RAID_MAGIC)) return true;
    const version1 = Math.floor((this.size - 8192) / 4096) * 4096;
    const version0 = Math.floor(this.size / 65536) * 65536 - 65536;
    return [version1, version0].some((at) => this.#tailHas(at, RAID_MAGIC));
  }

  hasZfsLabel(): boolean {
    for (let at = 128 * 1024; at < 132 * 1024; at += 1024)
      if (ZFS_MAGIC.some((magic) => this.has(at, magic))) return true;
    return false;
  }

  #tailHas(at: number, expected: Uint8Array): boolean {
    const inTail = at - (this.size - this.#tail.length);
    return (
      inTail >= 0 && inTail + expected.length <= this.#tail.length && equal(this.#tail, inTail, expected)
    );
  }
}

function equal(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  return expected.every((byte, index) => bytes[at + index] === byte);
}
