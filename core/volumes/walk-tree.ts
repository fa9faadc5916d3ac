import { toAppError } from '../contract/index.ts';
import { isUnreadable, stopIfAborted } from './disk/index.ts';
import type { ListedNode, WalkedNode } from './listed-node.ts';
import { joinPath, type NodeId } from './tree/index.ts';

export interface WalkOptions {
  readonly from: { readonly id: NodeId; readonly path: string };
  readonly list: (directory: NodeId) => AsyncIterable<readonly ListedNode[]>;
  /** Directories below one another that are entered. */
  readonly depth: number;
  readonly signal: AbortSignal;
}

/** A directory that is yet to be entered; `node` is undefined for the one that the walk starts from. */
interface Waiting {
  readonly id: NodeId;
  readonly path: string;
  readonly depth: number;
  readonly node: WalkedNode | undefined;
}

/** Everything below a directory; see `Volume.walk`. */
export async function* walkTree(options: WalkOptions): AsyncGenerator<WalkedNode> {
  const entered = new Set<NodeId>([options.from.id]);
  const waiting: Waiting[] = [{ ...options.from, depth: 0, node: undefined }];
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    stopIfAborted(options.signal);
    const children: Waiting[] = [];
    try {
      for await (const batch of options.list(directory.id))
        for (const listed of batch) {
          const node = walked(listed, directory, { entered, deepest: options.depth });
          if (isEntered(node)) {
            entered.add(node.id);
            children.push({ id: node.id, path: node.path, depth: directory.depth + 1, node });
          }
          yield node;
        }
    } catch (thrown) {
      if (directory.node === undefined || !isUnreadable(thrown)) throw thrown;
      yield { ...directory.node, problem: toAppError(thrown).message };
    }
    for (const child of children.reverse()) waiting.push(child);
  }
}

function walked(
  listed: ListedNode,
  parent: Waiting,
  bounds: { readonly entered: ReadonlySet<NodeId>; readonly deepest: number },
): WalkedNode {
  const node = { ...listed, path: joinPath(parent.path, listed.name.text) };
  if (!isEntered(node)) return node;
  if (bounds.entered.has(node.id))
    return { ...node, problem: 'This folder appears a second time in the tree.' };
  return parent.depth >= bounds.deepest ? { ...node, problem: 'Folders are nested too deeply.' } : node;
}

function isEntered(node: WalkedNode): boolean {
  const isReadable = node.info?.kind === 'directory' && node.info.unreadable === undefined;
  return isReadable && node.problem === undefined;
}
