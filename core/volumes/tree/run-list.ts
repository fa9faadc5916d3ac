import { damaged } from '../disk/index.ts';
import type { FindRun, Run } from './file-content.ts';

/** Runs of clusters in the order of the content and without gaps, looked up by position. */
export class RunList {
  readonly #runs: Run[] = [];
  readonly #most: number;

  /** `most`: runs that are kept at all; more is taken for damage. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The first cluster of the content that has no run yet. */
  get end(): number {
    const last = this.#runs.at(-1);
    return last === undefined ? 0 : last.start + last.length;
  }

  /** Adds clusters at the end; `at` undefined for a hole. Joins what continues the last run. */
  push(length: number, at: number | undefined): void {
    const last = this.#runs.at(-1);
    const joins =
      last !== undefined &&
      (at === undefined ? last.at === undefined : last.at !== undefined && last.at + last.length === at);
    if (joins) {
      this.#runs[this.#runs.length - 1] = { ...last, length: last.length + length };
      return;
    }
    if (this.#runs.length >= this.#most) throw damaged('file layout', 'it has too many pieces');
    this.#runs.push({ start: this.end, length, at });
  }

  /** The run that holds a cluster; what lies behind all runs is a hole. */
  find(cluster: number): Run {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle]?.start ?? 0) <= cluster) low = middle + 1;
      else high = middle;
    }
    const run = this.#runs[low - 1];
    if (run !== undefined && cluster < run.start + run.length) return run;
    return { start: this.end, length: 2 ** 44, at: undefined };
  }

  /** The same lookup in bytes, for clusters of a size, the first of which lies `base` bytes into the disk. */
  inBytes(clusterSize: number, base = 0): FindRun {
    return async (position) => {
      const { start, length, at } = this.find(Math.floor(position / clusterSize));
      return {
        start: start * clusterSize,
        length: length * clusterSize,
        at: at === undefined ? undefined : base + at * clusterSize,
      };
    };
  }
}
