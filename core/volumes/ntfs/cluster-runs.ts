import { damaged } from '../disk/index.ts';

/** Consecutive clusters of a value; `at` undefined for a hole. All in clusters. */
export interface ClusterRun {
  readonly start: number;
  readonly length: number;
  readonly at: number | undefined;
}

/** The runs of one or more pieces of a mapping, in order and without gaps. */
export class ClusterRuns {
  readonly runs: ClusterRun[] = [];
  readonly #clusters: number;
  readonly #most: number;

  /** `clusters`: of the volume; `most`: runs that are kept at all. */
  constructor(clusters: number, most: number) {
    this.#clusters = clusters;
    this.#most = most;
  }

  /** The first cluster of the value that has no run yet. */
  get end(): number {
    const last = this.runs.at(-1);
    return last === undefined ? 0 : last.start + last.length;
  }

  /** Decodes a mapping's pairs: length and signed distance to the run before, in as few bytes as needed. */
  add(first: number, pairs: Uint8Array): void {
    if (first !== this.end) throw damaged('cluster runs', 'a piece is missing');
    let place = 0;
    for (let at = 0; at < pairs.length && pairs[at] !== 0; ) {
      const header = pairs[at] ?? 0;
      const lengthBytes = header & 0xf;
      const placeBytes = header >> 4;
      if (
        lengthBytes === 0 ||
        lengthBytes > 7 ||
        placeBytes > 7 ||
        at + 1 + lengthBytes + placeBytes > pairs.length
      )
        throw damaged('cluster runs', 'a run is not encoded properly');
      const length = number(pairs, at + 1, lengthBytes);
      if (placeBytes > 0) place += signed(pairs, at + 1 + lengthBytes, placeBytes);
      this.#push(length, placeBytes > 0 ? place : undefined);
      at += 1 + lengthBytes + placeBytes;
    }
  }

  /** The run that holds a cluster; what nothing maps is a hole. */
  find(cluster: number): ClusterRun {
    let low = 0;
    let high = this.runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.runs[middle]?.start ?? 0) <= cluster) low = middle + 1;
      else high = middle;
    }
    const run = this.runs[low - 1];
    if (run !== undefined && cluster < run.start + run.length) return run;
    return { start: this.end, length: Number.MAX_SAFE_INTEGER - this.end, at: undefined };
  }

  #push(length: number, at: number | undefined): void {
    const outside = at !== undefined && (at < 0 || at + length > this.#clusters);
    if (length <= 0 || length > 2 ** 44 || outside) throw damaged('cluster runs', 'a run is off the volume');
    if (this.runs.length >= this.#most) throw damaged('cluster runs', 'there are too many of them');
    this.runs.push({ start: this.end, length, at });
  }
}

function number(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = count - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}

function signed(bytes: Uint8Array, at: number, count: number): number {
  const value = number(bytes, at, count);
  return (bytes[at + count - 1] ?? 0) >= 0x80 ? value - 2 ** (8 * count) : value;
}
