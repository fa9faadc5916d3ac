import { AppError } from '../../contract/index.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { blockCount, type Manifest } from '../format/manifest.ts';
import { rootLevel } from '../format/map-node.ts';
import { NodeReader } from '../read/node-reader.ts';
import type { OpenRepository } from '../repository/open-state.ts';

/** What maps expect of one pack: for each slot where the block lies and how its id begins. */
export class ExpectedPack {
  #fields = new Uint32Array(0);

  /** False when this slot was expected before. */
  add(ref: BlockRef): boolean {
    const at = ref.slot * fieldCount;
    if (at + fieldCount > this.#fields.length) {
      const wider = new Uint32Array(Math.max(64 * fieldCount, 2 * (at + fieldCount)));
      wider.set(this.#fields);
      this.#fields = wider;
    }
    if (this.#fields[at] !== 0) return false;
    this.#fields.set([ref.offset, ref.length, idStart(ref)], at);
    return true;
  }

  *slots(): Generator<number> {
    for (let at = 0; at < this.#fields.length; at += fieldCount) {
      if (this.#fields[at] !== 0) yield at / fieldCount;
    }
  }

  /** True when the pack's footer says of this slot what the maps say. */
  matches(slot: number, found: BlockRef | undefined): boolean {
    const at = slot * fieldCount;
    return (
      found !== undefined &&
      this.#fields[at] === found.offset &&
      this.#fields[at + 1] === found.length &&
      this.#fields[at + 2] === idStart(found)
    );
  }
}

const fieldCount = 3;

function idStart(ref: BlockRef): number {
  return new DataView(ref.id.buffer, ref.id.byteOffset, 4).getUint32(0);
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
