import type { DirectoryEntry, NodeInfo } from './tree/index.ts';

/** An entry with its metadata, or with the reason why that cannot be read. */
export interface ListedNode extends DirectoryEntry {
  readonly info: NodeInfo | undefined;
  readonly problem: string | undefined;
}

export interface WalkedNode extends ListedNode {
  /** From the volume's root, made of safe texts. */
  readonly path: string;
}
