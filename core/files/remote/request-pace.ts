import type { FileServerLimits } from './limits.ts';

/** Counts what a service bears at once and in a second; and who tried wrong tokens too often. */
export interface RequestPace {
  /** A place for one request, to be given back; undefined when there is none now. */
  enter(): (() => void) | undefined;
  refused(address: string): void;
  isBarred(address: string): boolean;
}

const minute = 60_000;
/** How many addresses are remembered; what is more is barred by the number of connections alone. */
const mostAddresses = 10_000;

export function requestPace(limits: FileServerLimits, clock: () => number): RequestPace {
  const burst = limits.requestsPerSecond * 3;
  let [allowance, filledAt, atWork] = [burst, clock(), 0];
  const refusals = new Map<string, { count: number; since: number }>();
  const recent = (address: string) => {
    const known = refusals.get(address);
    return known && clock() - known.since < minute ? known : undefined;
  };

  return {
    enter() {
      const now = clock();
      allowance = Math.min(burst, allowance + ((now - filledAt) / 1000) * limits.requestsPerSecond);
      filledAt = now;
      if (allowance < 1 || atWork >= limits.requestsAtOnce) return undefined;
      allowance -= 1;
      atWork += 1;
      let left = false;
      return () => {
        if (!left) atWork -= 1;
        left = true;
      };
    },
    refused(address) {
      const known = recent(address);
      if (known) known.count += 1;
      else {
        if (refusals.size >= mostAddresses) refusals.clear();
        refusals.set(address, { count: 1, since: clock() });
      }
    },
    isBarred: (address) => (recent(address)?.count ?? 0) > limits.refusalsPerMinute,
  };
}
