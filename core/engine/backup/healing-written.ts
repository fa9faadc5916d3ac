import { AppError } from '../../contract/index.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { fanout, type MapNode, maxMapLevel } from '../format/map-node.ts';
import { attemptOfPack, numberOfPack, packIdOf, packName } from '../format/names.ts';
import { firstMapPack } from '../format/pack.ts';
import type { NodeReader } from '../read/node-reader.ts';
import { readFooter } from '../read/read-footer.ts';
import type { OpenRepository } from '../repository/open-state.ts';

/** Footers kept: the packs before a node, one at a time. */
const keptFooters = 4;

/**
 * Map nodes in the order in which an attempt wrote them: each after everything below it that it wrote. So the children
 * that came with a node are found by going back from it.
 */
export class WrittenNodes {
  readonly #repository: OpenRepository;
  readonly #reader: NodeReader;
  readonly #signal: AbortSignal | undefined;
  readonly #footers = new Map<string, readonly BlockRef[]>();

  constructor(repository: OpenRepository, reader: NodeReader, signal: AbortSignal | undefined) {
    this.#repository = repository;
    this.#reader = reader;
    this.#signal = signal;
  }

  /**
   * Children of a node of `level` that were written with it, by ascending position. Where nodes before it are lost too,
   * there may be some at the beginning that are not its own.
   */
  async childrenOf(node: BlockRef, level: number): Promise<BlockRef[]> {
    const children: BlockRef[] = [];
    let at = await this.#before(node);
    while (at !== undefined && children.length < fanout) {
      const found = await this.#open(at, level - 1);
      if (found !== undefined && found.level >= level) break;
      if (found === undefined || found.level === level - 1) children.unshift(at);
      at = await this.#before(await this.#firstBelow(at, found));
    }
    return children;
  }

  /** The node that was written first of all below this one, or this one. */
  async #firstBelow(ref: BlockRef, node: MapNode | undefined): Promise<BlockRef> {
    if (node === undefined || node.level === 0) return ref;
    const attempt = attemptOfPack(ref.pack);
    const first = node.children.find((child) => child !== undefined && attemptOfPack(child.pack) === attempt);
    if (first === undefined) return ref;
    return this.#firstBelow(first, await this.#reader.readIfIntact(first, node.level - 1, this.#signal));
  }

  /** The node whatever its level, which is probably `likely`; undefined when it is lost. */
  async #open(ref: BlockRef, likely: number): Promise<MapNode | undefined> {
    const node = await this.#reader.readIfIntact(ref, likely, this.#signal);
    for (let level = 0; node === undefined && level <= maxMapLevel; level++) {
      const other = level === likely ? undefined : await this.#reader.readIfIntact(ref, level, this.#signal);
      if (other !== undefined) return other;
    }
    return node;
  }

  async #before(ref: BlockRef): Promise<BlockRef | undefined> {
    if (ref.slot > 0) return (await this.#footer(ref.pack))[ref.slot - 1];
    const number = numberOfPack(ref.pack);
    if (number <= firstMapPack) return undefined;
    return (await this.#footer(packIdOf(attemptOfPack(ref.pack), number - 1))).at(-1);
  }

  /** Nothing for a pack that is gone or does not tell. */
  async #footer(packId: string): Promise<readonly BlockRef[]> {
    const known = this.#footers.get(packId);
    if (known !== undefined) return known;
    const refs = await this.#loadFooter(packId);
    const [oldest] = this.#footers.keys();
    if (this.#footers.size >= keptFooters && oldest !== undefined) this.#footers.delete(oldest);
    this.#footers.set(packId, refs);
    return refs;
  }

  async #loadFooter(packId: string): Promise<readonly BlockRef[]> {
    const info = await this.#repository.store.head(packName(packId), this.#signal);
    if (info === undefined) return [];
    try {
      return (await readFooter(this.#repository, { packId, size: info.size }, { signal: this.#signal })).refs;
    } catch (thrown) {
      if (thrown instanceof AppError && ['not-found', 'damaged'].includes(thrown.code)) return [];
      throw thrown;
    }
  }
}
