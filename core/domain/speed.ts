/** Bytes over the last seconds. Time is an argument; a jump of the clock starts the measurement anew. */
export interface SpeedMeter {
  /** Takes a count of bytes done so far at a time in milliseconds; answers bytes per second. */
  measure(doneBytes: number, now: number): number;
}

const windowMilliseconds = 10_000;
/** Two samples further apart than this were not taken while working (the computer slept). */
const longestGapMilliseconds = 30_000;

export function speedMeter(): SpeedMeter {
  let samples: { readonly at: number; readonly bytes: number }[] = [];
  return {
    measure(doneBytes, now) {
      const last = samples.at(-1);
      const broken =
        last !== undefined &&
        (now < last.at || now - last.at > longestGapMilliseconds || doneBytes < last.bytes);
      if (broken) samples = [];
      samples.push({ at: now, bytes: doneBytes });
      samples = samples.filter((sample) => now - sample.at <= windowMilliseconds);
      const first = samples[0];
      if (first === undefined || now - first.at < 500) return 0;
      return Math.round(((doneBytes - first.bytes) * 1000) / (now - first.at));
    },
  };
}

/** Seconds until all is done at this speed; null when nothing can be said. */
export function secondsLeft(totalBytes: number, doneBytes: number, bytesPerSecond: number): number | null {
  if (totalBytes === 0 || bytesPerSecond <= 0) return null;
  return Math.ceil(Math.max(0, totalBytes - doneBytes) / bytesPerSecond);
}
