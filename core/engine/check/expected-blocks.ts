import { crc32 } from 'node:zlib';
import { AppError } from '../../contract/index.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { blockCount, type Manifest } from '../format/manifest.ts';
import { rootLevel } from '../format/map-node.ts';
import { NodeReader } from '../read/node-reader.ts';
import type { OpenRepository } from '../repository/open-state.ts';

/**
 * What maps expect of one pack, in few bytes whatever the number of its blocks: which slots, and two sums over
 * where their blocks lie and how their ids begin.
 */
export class ExpectedPack {
  #slots = new Uint8Array(8);
  #sum = 0;
  #otherSum = 0;

  /** False when this slot was expected before. */
  add(ref: BlockRef): boolean {
    const index = ref.slot >> 3;
    if (index >= this.#slots.length) this.#widen(index + 1);
    const bit = 1 << (ref.slot & 7);
    const known = this.#slots[index] ?? 0;
    if ((known & bit) !== 0) return false;
    this.#slots[index] = known | bit;
    this.#sum = (this.#sum + digest(ref, 1)) >>> 0;
    this.#otherSum = (this.#otherSum + digest(ref, 2)) >>> 0;
    return true;
  }

  *slots(): Generator<number> {
    for (let slot = 0; slot < this.#slots.length * 8; slot++) {
      if (((this.#slots[slot >> 3] ?? 0) & (1 << (slot & 7))) !== 0) yield slot;
    }
  }

  /** True when the pack's footer says of all these slots what the maps say. */
  agreesWith(footer: readonly BlockRef[]): boolean {
    let [sum, otherSum] = [0, 0];
    for (const slot of this.slots()) {
      const ref = footer[slot];
      if (ref === undefined) return false;
      sum = (sum + digest(ref, 1)) >>> 0;
      otherSum = (otherSum + digest(ref, 2)) >>> 0;
    }
    return sum === this.#sum && otherSum === this.#otherSum;
  }

  #widen(least: number): void {
    const wider = new Uint8Array(Math.max(least, this.#slots.length * 2));
    wider.set(this.#slots);
    this.#slots = wider;
  }
}

/** Not against forgery, which seals are for: against a map and a footer that do not belong together. */
function digest(ref: BlockRef, start: number): number {
  const fields = Uint32Array.of(ref.slot, ref.offset, ref.length, ref.plainLength, ref.encoding);
  return crc32(ref.id, crc32(new Uint8Array(fields.buffer), start));
}

export interface WalkEvents {
  /** Called for each node and block; false keeps out of what lies below a node. */
  visit(ref: BlockRef, kind: 'node' | 'block'): boolean;
  /** A node that cannot be read. */
  broken(ref: BlockRef, error: AppError): void;
}

/** Walks the maps of a point; a broken node hides what is below it and nothing else. */
export class MapWalker {
  readonly #nodes: NodeReader;
  readonly #signal: AbortSignal | undefined;

  constructor(repository: OpenRepository, signal?: AbortSignal) {
    this.#nodes = new NodeReader(repository);
    this.#signal = signal;
  }

  async walkDisk(disk: Manifest['disks'][number], events: WalkEvents): Promise<void> {
    if (disk.root !== undefined) await this.#walk(disk.root, rootLevel(blockCount(disk)), events);
  }

  async #walk(ref: BlockRef, level: number, events: WalkEvents): Promise<void> {
    this.#signal?.throwIfAborted();
    if (!events.visit(ref, 'node')) return;
    const children = await this.#childrenOf(ref, level, events);
    for (const child of children) {
      if (child === undefined) continue;
      if (level === 0) events.visit(child, 'block');
      else await this.#walk(child, level - 1, events);
    }
  }

  async #childrenOf(
    ref: BlockRef,
    level: number,
    events: WalkEvents,
  ): Promise<readonly (BlockRef | undefined)[]> {
    try {
      return (await this.#nodes.read(ref, level, this.#signal)).children;
    } catch (thrown) {
      if (!(thrown instanceof AppError) || !['damaged', 'not-found'].includes(thrown.code)) throw thrown;
      events.broken(ref, thrown);
      return [];
    }
  }
}
