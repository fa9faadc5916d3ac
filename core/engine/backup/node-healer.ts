import { AppError } from '../../contract/index.ts';
import type { BlockRef } from '../format/block-ref.ts';
import type { MovedBlock } from '../format/moved.ts';
import { attemptOfPack, packIdFromName } from '../format/names.ts';
import { isMapPack, type PackPlace } from '../format/pack.ts';
import type { Suspect } from '../format/suspects.ts';
import type { NodeReader } from '../read/node-reader.ts';
import { readFooter } from '../read/read-footer.ts';
import { listObjects } from '../repository/list-objects.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { IdTable } from './id-table.ts';
import { readCondemnedPacks } from './load-index.ts';
import { PackContents } from './pack-contents.ts';

/** Nodes that are remembered while healing: 24 MB. */
const maxNodes = 500_000;

/**
 * Heals damaged map nodes. What a node says are the places of its children, so it can only be made again from a disk
 * that still has the same content, with every child found where it was. A node that comes out with the id of the
 * damaged one is that node, and a table of moved blocks leads all older points to it.
 */
export class NodeHealer {
  readonly #repository: OpenRepository;
  readonly #reader: NodeReader;
  readonly #damaged = new Map<string, Suspect[]>();
  readonly #healed = new Map<string, MovedBlock[]>();
  #untold = new Map<string, MovedBlock[]>();
  #stored: Promise<StoredNodes> | undefined;

  constructor(repository: OpenRepository, reader: NodeReader) {
    this.#repository = repository;
    this.#reader = reader;
  }

  /** By pack, where nodes are now that were damaged in it; each once. */
  takeHealed(): ReadonlyMap<string, readonly MovedBlock[]> {
    const healed = this.#untold;
    this.#untold = new Map();
    return healed;
  }

  isHealed({ pack, slot }: Pick<BlockRef, 'pack' | 'slot'>): boolean {
    return this.#healed.get(pack)?.some((move) => move.slot === slot) === true;
  }

  expect(damaged: Iterable<Suspect>): void {
    for (const node of damaged) {
      const known = this.#damaged.get(keyOf(node.id)) ?? [];
      if (known.every(({ pack, slot }) => pack !== node.pack || slot !== node.slot)) {
        this.#damaged.set(keyOf(node.id), [...known, node]);
      }
    }
  }

  /**
   * Where the same node was stored before. Asked for only while something is to be healed: the children of a
   * damaged node must come out as the places that it named. `intact` is false when that place is damaged too: then
   * the node must be stored again, and still be referred to by its old place.
   */
  async storedBefore(id: Uint8Array, level: number, signal?: AbortSignal): Promise<StoredNode | undefined> {
    if (this.#damaged.size === 0) return undefined;
    this.#stored ??= this.#loadNodes(signal);
    const places = (await this.#stored).find(id);
    for (const ref of places) {
      if ((await this.#reader.readIfIntact(ref, level, signal)) === undefined) continue;
      this.note(ref);
      return { ref, intact: true };
    }
    this.expect(places);
    const [first] = places;
    return first === undefined ? undefined : { ref: first, intact: false };
  }

  /** A node that is stored and intact. */
  note(ref: BlockRef): void {
    for (const { pack, slot } of this.#damaged.get(keyOf(ref.id)) ?? []) {
      const moves = this.#healed.get(pack) ?? [];
      if (moves.some((move) => move.slot === slot)) continue;
      this.#healed.set(pack, [...moves, { slot, to: ref }]);
      this.#untold.set(pack, [...(this.#untold.get(pack) ?? []), { slot, to: ref }]);
    }
  }

  /** Of packs that may be referred to; those of the attempts that wrote the damaged nodes first. */
  async #loadNodes(signal?: AbortSignal): Promise<StoredNodes> {
    const condemned = await readCondemnedPacks(this.#repository, signal);
    const stored = new StoredNodes();
    if (condemned === undefined) return stored;
    for (const place of await this.#mapPacks(signal)) {
      if (stored.full) break;
      if (condemned.has(place.packId)) continue;
      stored.add(place.packId, await this.#nodesIn(place, signal));
    }
    return stored;
  }

  async #mapPacks(signal?: AbortSignal): Promise<PackPlace[]> {
    const attempts = new Set([...this.#damaged.values()].flat().map(({ pack }) => attemptOfPack(pack)));
    const [near, far]: [PackPlace[], PackPlace[]] = [[], []];
    for await (const { name, size } of listObjects(this.#repository.store, 'pack', signal)) {
      const packId = packIdFromName(name) ?? '';
      if (isMapPack(packId)) (attempts.has(attemptOfPack(packId)) ? near : far).push({ packId, size });
    }
    return [...near, ...far];
  }

  async #nodesIn(place: PackPlace, signal?: AbortSignal): Promise<readonly BlockRef[]> {
    try {
      return (await readFooter(this.#repository, place, { signal })).refs;
    } catch (thrown) {
      if (thrown instanceof AppError && ['not-found', 'damaged'].includes(thrown.code)) return [];
      throw thrown;
    }
  }
}

export interface StoredNode {
  readonly ref: BlockRef;
  readonly intact: boolean;
}

/** Map nodes by their ids. */
class StoredNodes {
  readonly #packs: PackContents[] = [];
  readonly #table = new IdTable({ bytes: maxNodes * 8, expected: 0 });

  get full(): boolean {
    return this.#table.size >= maxNodes;
  }

  add(pack: string, refs: readonly BlockRef[]): void {
    const number = this.#packs.push(new PackContents(pack, refs)) - 1;
    for (const { id } of refs) this.#table.add(...hashOf(id), number);
  }

  find(id: Uint8Array): BlockRef[] {
    const packs = new Set(this.#table.find(...hashOf(id)));
    return [...packs]
      .sort((left, right) => left - right)
      .flatMap((number) => this.#packs[number]?.find(id) ?? []);
  }
}

function hashOf(id: Uint8Array): [number, number] {
  const view = new DataView(id.buffer, id.byteOffset, 8);
  return [view.getUint32(0, true), view.getUint32(4, true)];
}

function keyOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('latin1');
}
