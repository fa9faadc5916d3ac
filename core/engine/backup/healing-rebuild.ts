import { type BlockRef, placeOf } from '../format/block-ref.ts';
import { blockCount, type ManifestDisk } from '../format/manifest.ts';
import { blocksPerChild, fanout, type MapNode, rootLevel } from '../format/map-node.ts';
import type { NodeReader } from '../read/node-reader.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import type { NodePlace } from './find-damage.ts';
import { addOption, solvePuzzle, type WrittenChild } from './healing-puzzle.ts';
import { WrittenNodes } from './healing-written.ts';

/**
 * Makes lost map nodes again from what is left of them: the children that were written together with them, which lie
 * before them in their pack, and the maps of other points, which share the other children. The node's id
 * says whether it came out right, so nothing is guessed.
 */
export class NodeRebuilder {
  readonly #repository: OpenRepository;
  readonly #reader: NodeReader;
  readonly #written: WrittenNodes;
  readonly #signal: AbortSignal | undefined;

  constructor(repository: OpenRepository, reader: NodeReader, signal: AbortSignal | undefined) {
    this.#repository = repository;
    this.#reader = reader;
    this.#signal = signal;
    this.#written = new WrittenNodes(repository, reader, signal);
  }

  /** `relatives` are maps that have some of the children in the same places, the likeliest first. */
  async rebuild(lost: NodePlace, relatives: readonly ManifestDisk[]): Promise<MapNode | undefined> {
    const { ref, level } = lost;
    const others = await this.#childrenElsewhere(lost, relatives);
    const written = level === 0 ? [] : await this.#written.childrenOf(ref, level);
    const { keys } = this.#repository;
    return solvePuzzle({
      level,
      plainLength: ref.plainLength,
      written: await this.#withPositions(written, { level: level - 1, others }),
      others,
      isIt: (plain) => keys.nodeId(plain).equals(ref.id),
    });
  }

  /** By position, what other maps have where the lost node is. */
  async #childrenElsewhere(
    lost: NodePlace,
    relatives: readonly ManifestDisk[],
  ): Promise<readonly (readonly (BlockRef | undefined)[])[]> {
    const others = Array.from({ length: fanout }, (): (BlockRef | undefined)[] => []);
    for (const disk of relatives) {
      const children = await this.#childrenIn(disk, lost);
      for (const [position, options] of others.entries()) {
        if (children !== undefined) addOption(options, children[position]);
      }
    }
    return others;
  }

  /** Undefined when this map cannot tell. */
  async #childrenIn(
    disk: ManifestDisk,
    lost: NodePlace,
  ): Promise<readonly (BlockRef | undefined)[] | undefined> {
    let level = rootLevel(blockCount(disk));
    if (level < lost.level || lost.first >= blocksPerChild(level) * fanout) return undefined;
    let ref = disk.root;
    for (; ref !== undefined && level > lost.level; level--) {
      const node = await this.#reader.readIfIntact(ref, level, this.#signal);
      if (node === undefined) return undefined;
      ref = node.children[Math.floor(lost.first / blocksPerChild(level)) % fanout];
    }
    if (ref === undefined) return new Array<undefined>(fanout).fill(undefined);
    return placeOf(ref) === placeOf(lost.ref)
      ? undefined
      : (await this.#reader.readIfIntact(ref, level, this.#signal))?.children;
  }

  /** A child belongs where other maps have itself, or another one that shares something with it. */
  async #withPositions(
    written: readonly BlockRef[],
    elsewhere: {
      readonly level: number;
      readonly others: readonly (readonly (BlockRef | undefined)[])[];
    },
  ): Promise<WrittenChild[]> {
    // A full set needs no hints.
    if (written.length === 0 || written.length === fanout) return written.map((ref) => ({ ref }));
    const positionsOf = new Map<string, Set<number>>();
    for (const [position, options] of elsewhere.others.entries()) {
      for (const option of options) {
        if (option === undefined) continue;
        const below = placesIn(await this.#reader.readIfIntact(option, elsewhere.level, this.#signal));
        for (const place of [placeOf(option), ...below]) {
          positionsOf.set(place, (positionsOf.get(place) ?? new Set()).add(position));
        }
      }
    }
    const hinted: WrittenChild[] = [];
    for (const ref of written) {
      const below = placesIn(await this.#reader.readIfIntact(ref, elsewhere.level, this.#signal));
      const shared = below.flatMap((place) => [...(positionsOf.get(place) ?? [])]);
      const positions = positionsOf.get(placeOf(ref)) ?? new Set(shared);
      hinted.push(positions.size === 0 ? { ref } : { ref, positions });
    }
    return hinted;
  }
}

function placesIn(node: MapNode | undefined): string[] {
  return node?.children.flatMap((child) => (child === undefined ? [] : [placeOf(child)])) ?? [];
}
