import { AppError } from '../../contract/index.ts';
import { damaged } from '../format/bytes.ts';
import { decodeMoved, type MovedBlock, packOfMovedName } from '../format/moved.ts';
import { objectKinds } from '../format/sealed-object.ts';
import { uint32Column } from '../packs/number-column.ts';
import type { StoredPacks } from '../packs/stored-packs.ts';
import { listObjects } from '../repository/list-objects.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { getSealed } from '../repository/sealed-store.ts';
import type { Marks } from './mark.ts';

export interface MovedTable {
  readonly name: string;
  readonly pack: string;
  readonly blocks: readonly MovedBlock[];
}

/** A block's place, its pack by number. */
interface Place {
  readonly pack: number;
  readonly slot: number;
}

/** Every table of moved blocks in the repository, in 16 bytes a block. */
export class MovedTables {
  /** Names of damaged tables that nothing depends on. */
  readonly unreadable: string[] = [];
  readonly #packs: StoredPacks;
  /** By table. */
  readonly #names: string[] = [];
  readonly #packOf = uint32Column();
  readonly #ends = uint32Column();
  /** The table of the same pack that was read before it, plus one. */
  readonly #earlier = uint32Column();
  /** By pack: the last table read, plus one. */
  readonly #latest = uint32Column();
  /** By moved block. */
  readonly #slots = uint32Column();
  readonly #toPack = uint32Column();
  readonly #toSlot = uint32Column();
  readonly #lengths = uint32Column();

  private constructor(packs: StoredPacks) {
    this.#packs = packs;
  }

  /**
   * A damaged table leads nowhere and is passed over while the blocks are still in the pack they were moved from;
   * otherwise it is unknown what is in use, and the error stands.
   */
  static async load(
    repository: OpenRepository,
    packs: StoredPacks,
    signal?: AbortSignal,
  ): Promise<MovedTables> {
    const loaded = new MovedTables(packs);
    await loaded.#read(repository, (name) => packs.has(packOfMovedName(name) ?? ''), signal);
    return loaded;
  }

  /** For a health check, which reports damaged tables by itself and goes on without them. */
  static async loadReadable(
    repository: OpenRepository,
    packs: StoredPacks,
    signal?: AbortSignal,
  ): Promise<MovedTables> {
    const loaded = new MovedTables(packs);
    await loaded.#read(repository, () => true, signal);
    return loaded;
  }

  async #read(
    repository: OpenRepository,
    dispensable: (name: string) => boolean,
    signal?: AbortSignal,
  ): Promise<void> {
    for await (const { name } of listObjects(repository.store, 'moved', signal)) {
      try {
        this.add(await readTable(repository, name, signal));
      } catch (thrown) {
        const passed = thrown instanceof AppError && ['damaged', 'not-found'].includes(thrown.code);
        if (!passed || !dispensable(name)) throw thrown;
        this.unreadable.push(name);
      }
    }
  }

  add(table: MovedTable): void {
    const { numbers } = this.#packs;
    const number = this.#names.push(table.name) - 1;
    const pack = numbers.add(table.pack);
    let at = this.#firstOf(number);
    for (const { slot, to } of table.blocks) {
      this.#slots.set(at, slot);
      this.#toPack.set(at, numbers.add(to.pack));
      this.#toSlot.set(at, to.slot);
      this.#lengths.set(at, to.length);
      at++;
    }
    this.#packOf.set(number, pack);
    this.#ends.set(number, at);
    this.#earlier.set(number, this.#latest.get(pack));
    this.#latest.set(pack, number + 1);
  }

  /** Marks where marked blocks were moved to, and where those were moved to. */
  follow(marks: Marks): void {
    let found = true;
    while (found) {
      found = false;
      for (const table of this.#names.keys()) if (this.#followTable(table, marks)) found = true;
    }
  }

  #followTable(table: number, marks: Marks): boolean {
    const pack = this.#packOf.get(table);
    if (!marks.uses(pack)) return false;
    let found = false;
    for (let at = this.#firstOf(table); at < this.#ends.get(table); at++) {
      if (!marks.has(pack, this.#slots.get(at))) continue;
      if (marks.mark(this.#toPack.get(at), this.#toSlot.get(at), this.#lengths.get(at))) found = true;
    }
    return found;
  }

  /** True when the block can be read from a pack that is kept, by one move or several. */
  survives(block: Place, kept: (pack: number) => boolean): boolean {
    const seen = new Set<string>();
    const queue = [...this.#placesOf(block)];
    for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
      if (kept(place.pack)) return true;
      const key = `${place.pack}:${place.slot}`;
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(...this.#placesOf(place));
    }
    return false;
  }

  /** Names of the tables that lead to no pack that is kept. */
  *useless(kept: (pack: number) => boolean): Generator<string> {
    for (const [table, name] of this.#names.entries()) {
      let useful = false;
      for (let at = this.#firstOf(table); at < this.#ends.get(table) && !useful; at++) {
        const to = { pack: this.#toPack.get(at), slot: this.#toSlot.get(at) };
        useful = kept(to.pack) || this.survives(to, kept);
      }
      if (!useful) yield name;
    }
  }

  *#placesOf({ pack, slot }: Place): Generator<Place> {
    for (let table = this.#latest.get(pack); table > 0; table = this.#earlier.get(table - 1)) {
      for (let at = this.#firstOf(table - 1); at < this.#ends.get(table - 1); at++) {
        if (this.#slots.get(at) === slot) yield { pack: this.#toPack.get(at), slot: this.#toSlot.get(at) };
      }
    }
  }

  #firstOf(table: number): number {
    return table === 0 ? 0 : this.#ends.get(table - 1);
  }
}

async function readTable(
  repository: OpenRepository,
  name: string,
  signal?: AbortSignal,
): Promise<MovedTable> {
  const pack = packOfMovedName(name);
  if (pack === undefined) throw damaged(name, 'its name is not one that Cairn writes');
  const plain = await getSealed(repository, { name, kind: objectKinds.moved }, signal);
  return { name, pack, blocks: decodeMoved(plain, name) };
}
