import { mapInOrder } from '../concurrency.ts';
import type { BlockRef } from '../format/block-ref.ts';

/** Nodes of this level have their children walked at the same time: enough leaves that a store far away is not waited for. */
const parallelLevel = 2;
const parallelWalks = 8;

/** Walks what is below a map node; in no particular order. */
export async function eachSubtree(
  node: {
    readonly children: readonly (BlockRef | undefined)[];
    readonly level: number;
    readonly signal: AbortSignal | undefined;
  },
  walk: (child: BlockRef) => Promise<void>,
): Promise<void> {
  const children = node.children.filter((child) => child !== undefined);
  const concurrency = node.level === parallelLevel ? parallelWalks : 1;
  for await (const _ of mapInOrder(children, { concurrency, signal: node.signal }, walk));
}
