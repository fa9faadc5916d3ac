/** One line of a comparison, and on which side it is. */
export interface DiffLine {
  readonly side: 'both' | 'left' | 'right';
  readonly text: string;
}

/** Insertions and deletions up to which the shortest way is looked for; it takes their square in memory. */
const MOST_EDITS = 2_000;

/**
 * The lines of two texts in order, with as few one-sided ones as there can be (Myers, "An O(ND) Difference Algorithm
 * and Its Variations", 1986). Texts that differ in more than 2,000 lines are given one after the other there.
 */
export function diffLines(left: readonly string[], right: readonly string[]): DiffLine[] {
  const most = Math.min(left.length, right.length);
  let start = 0;
  while (start < most && left[start] === right[start]) start++;
  let end = 0;
  while (end < most - start && left[left.length - 1 - end] === right[right.length - 1 - end]) end++;
  const middle = middleOf(left.slice(start, left.length - end), right.slice(start, right.length - end));
  return [...on('both', left.slice(0, start)), ...middle, ...on('both', left.slice(left.length - end))];
}

function middleOf(left: readonly string[], right: readonly string[]): DiffLine[] {
  const trace = left.length === 0 || right.length === 0 ? undefined : shortestWay(left, right);
  return trace === undefined ? [...on('left', left), ...on('right', right)] : wayBack(left, right, trace);
}

/** For each number of edits how far each diagonal (left minus right) was reached; undefined when it takes too many. */
function shortestWay(left: readonly string[], right: readonly string[]): Int32Array[] | undefined {
  const most = Math.min(MOST_EDITS, left.length + right.length);
  const trace: Int32Array[] = [];
  const reached = new Int32Array(2 * most + 3);
  for (let edits = 0; edits <= most; edits++) {
    trace.push(reached.slice(most - edits, most + edits + 3));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const at = diagonal + most + 1;
      const down =
        diagonal === -edits || (diagonal !== edits && (reached[at - 1] ?? 0) < (reached[at + 1] ?? 0));
      let x = down ? (reached[at + 1] ?? 0) : (reached[at - 1] ?? 0) + 1;
      while (x < left.length && x - diagonal < right.length && left[x] === right[x - diagonal]) x++;
      reached[at] = x;
      if (x >= left.length && x - diagonal >= right.length) return trace;
    }
  }
  return undefined;
}

/** From the end to the start along what was reached with one edit less each time. */
function wayBack(
  left: readonly string[],
  right: readonly string[],
  trace: readonly Int32Array[],
): DiffLine[] {
  const lines: DiffLine[] = [];
  let [x, y] = [left.length, right.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const before = trace[edits] ?? new Int32Array(0);
    const at = (diagonal: number) => before[diagonal + edits + 1] ?? 0;
    const diagonal = x - y;
    const down = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const from = edits === 0 ? 0 : down ? at(diagonal + 1) : at(diagonal - 1);
    const fromY = edits === 0 ? 0 : from - (down ? diagonal + 1 : diagonal - 1);
    while (x > from && y > fromY) {
      lines.push({ side: 'both', text: left[--x] ?? '' });
      y--;
    }
    if (edits === 0) break;
    if (down) lines.push({ side: 'right', text: right[--y] ?? '' });
    else lines.push({ side: 'left', text: left[--x] ?? '' });
  }
  return lines.reverse();
}

function on(side: DiffLine['side'], lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ side, text }));
}
