/**
 * Tells a message that comes for the first time from one delivered again. Remembers the last `capacity` sequence
 * numbers; what is so old that it was forgotten counts as seen.
 */
export interface SeenOnce {
  /** True exactly once per number. */
  isNew(seq: number): boolean;
}

export function seenOnce(capacity = 4096): SeenOnce {
  const seen = new Set<number>();
  let floor = 0;
  return {
    isNew(seq) {
      if (seq <= floor || seen.has(seq)) return false;
      seen.add(seq);
      if (seen.size > capacity) {
        const lowest = Math.min(...seen);
        seen.delete(lowest);
        floor = lowest;
      }
      return true;
    },
  };
}
