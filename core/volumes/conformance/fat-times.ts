import type { Judged, JudgedTree } from './judged-tree.ts';

/** What FAT and exFAT do not keep, or their judges show in a way of their own. */
export const fatJudged: Judged = {
  accessed: false,
  changed: false,
  mode: false,
  owner: false,
  allocated: false,
  links: false,
  id: false,
};

/** FAT counts modification times in steps of two seconds. */
export function inFatTimes(tree: JudgedTree): JudgedTree {
  const step = 2_000_000_000n;
  return new Map(
    Array.from(tree, ([path, node]) => [
      path,
      { ...node, modified: node.modified === undefined ? undefined : (node.modified / step) * step },
    ]),
  );
}
