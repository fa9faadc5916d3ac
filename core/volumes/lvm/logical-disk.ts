import { damaged, type ReadableDisk } from '../disk/index.ts';
import type { Segment } from './volume-group.ts';

/** A logical volume as a disk, over the members that it lies on. */
export class LogicalDisk implements ReadableDisk {
  readonly size: number;
  readonly #segments: readonly Segment[];
  readonly #members: ReadonlyMap<string, ReadableDisk>;

  constructor(segments: readonly Segment[], members: ReadonlyMap<string, ReadableDisk>) {
    const last = segments.at(-1);
    this.size = last === undefined ? 0 : last.start + last.size;
    this.#segments = segments;
    this.#members = members;
  }

  async read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size))
      throw damaged('layout', 'something points outside of its logical volume');
    const parts: Promise<Uint8Array>[] = [];
    for (let at = offset; at < offset + length; ) {
      const piece = this.#pieceAt(at, offset + length - at);
      parts.push(piece.disk.read(piece.start, piece.length, signal));
      at += piece.length;
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(await Promise.all(parts));
  }

  /** The part of one stripe that starts at `at`. */
  #pieceAt(at: number, most: number): { disk: ReadableDisk; start: number; length: number } {
    const segment = this.#segmentAt(at);
    const inSegment = at - segment.start;
    const row = Math.floor(inSegment / segment.stripeSize);
    const inStripe = inSegment % segment.stripeSize;
    const count = segment.stripes.length;
    const stripe = segment.stripes[row % count];
    const disk = stripe === undefined ? undefined : this.#members.get(stripe.member);
    if (stripe === undefined || disk === undefined)
      throw damaged('volume group', 'one of its disks is missing');
    const start = stripe.start + Math.floor(row / count) * segment.stripeSize + inStripe;
    const room = Math.min(segment.stripeSize - inStripe, segment.size - inSegment);
    return { disk, start, length: Math.min(most, room) };
  }

  #segmentAt(at: number): Segment {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#segments[middle]?.start ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    const segment = this.#segments[low - 1];
    if (segment === undefined) throw damaged('volume group', 'a volume has no segments');
    return segment;
  }
}
