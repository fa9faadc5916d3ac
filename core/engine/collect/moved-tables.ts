import { AppError } from '../../contract/index.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { damaged } from '../format/bytes.ts';
import { decodeMoved, type MovedBlock, packOfMovedName } from '../format/moved.ts';
import { objectKinds } from '../format/sealed-object.ts';
import { listObjects } from '../repository/list-objects.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { getSealed } from '../repository/sealed-store.ts';
import type { Marks } from './mark.ts';

export interface MovedTable {
  readonly name: string;
  readonly pack: string;
  readonly blocks: readonly MovedBlock[];
}

/** Every table of moved blocks in the repository. */
export class MovedTables {
  readonly tables: MovedTable[] = [];
  /** Names of damaged tables that nothing depends on. */
  readonly unreadable: string[] = [];
  readonly #byPack = new Map<string, Map<number, MovedBlock[]>>();

  /**
   * A damaged table leads nowhere and is passed over while the blocks are still in `there`, the pack they were
   * moved from; otherwise it is unknown what is in use, and the error stands.
   */
  static async load(
    repository: OpenRepository,
    there: ReadonlyMap<string, number>,
    signal?: AbortSignal,
  ): Promise<MovedTables> {
    return MovedTables.#read(repository, (name) => there.has(packOfMovedName(name) ?? ''), signal);
  }

  /** For a health check, which reports damaged tables by itself and goes on without them. */
  static async loadReadable(repository: OpenRepository, signal?: AbortSignal): Promise<MovedTables> {
    return MovedTables.#read(repository, () => true, signal);
  }

  static async #read(
    repository: OpenRepository,
    dispensable: (name: string) => boolean,
    signal?: AbortSignal,
  ): Promise<MovedTables> {
    const loaded = new MovedTables();
    for await (const { name } of listObjects(repository.store, 'moved', signal)) {
      try {
        loaded.add(await readTable(repository, name, signal));
      } catch (thrown) {
        const passed = thrown instanceof AppError && ['damaged', 'not-found'].includes(thrown.code);
        if (!passed || !dispensable(name)) throw thrown;
        loaded.unreadable.push(name);
      }
    }
    return loaded;
  }

  add(table: MovedTable): void {
    this.tables.push(table);
    const slots = this.#byPack.get(table.pack) ?? new Map<number, MovedBlock[]>();
    this.#byPack.set(table.pack, slots);
    for (const block of table.blocks) slots.set(block.slot, [...(slots.get(block.slot) ?? []), block]);
  }

  placesOf(pack: string, slot: number): readonly MovedBlock['to'][] {
    return (this.#byPack.get(pack)?.get(slot) ?? []).map((block) => block.to);
  }

  /** Marks where marked blocks were moved to, and where those were moved to. */
  follow(marks: Marks): void {
    let found = true;
    while (found) {
      found = false;
      for (const { pack, blocks } of this.tables) {
        const use = marks.packs.get(pack);
        if (use === undefined) continue;
        for (const { slot, to } of blocks) {
          if (use.has(slot) && marks.mark({ ...blankRef, ...to })) found = true;
        }
      }
    }
  }

  /** True when the block can be read from a pack of `kept`, by one move or several. */
  survives(block: { readonly pack: string; readonly slot: number }, kept: ReadonlySet<string>): boolean {
    const seen = new Set<string>();
    const queue = [...this.placesOf(block.pack, block.slot)];
    for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
      if (kept.has(place.pack)) return true;
      const key = `${place.pack}:${place.slot}`;
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(...this.placesOf(place.pack, place.slot));
    }
    return false;
  }
}

const blankRef: Pick<BlockRef, 'id' | 'plainLength'> = { id: new Uint8Array(0), plainLength: 0 };

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
