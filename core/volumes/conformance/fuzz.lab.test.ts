import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';
import { readSample, sampleNames } from './samples.ts';

/** Ten thousand changed images over all readers. */
const ROUNDS = Math.ceil(10_000 / sampleNames.length);
const MEMORY = 1024 * 1024 * 1024;

describe(`${ROUNDS} damaged disks for every reader: typed errors, an end, and bounded memory`, () => {
  for (const name of sampleNames)
    it(name, async () => {
      const outcome = await fuzz({ image: await readSample(name), seed: `long-${name}`, rounds: ROUNDS });
      expect(outcome.failures).toEqual([]);
      expect(outcome.damaged).toBeGreaterThan(ROUNDS / 10);
      const { damaged, slowest } = outcome;
      const rss = Math.round(process.memoryUsage.rss() / 1e6);
      process.stdout.write(
        `${name}: ${damaged} of ${ROUNDS} damaged, longest ${Math.round(slowest)} ms, ${rss} MB\n`,
      );
      expect(process.memoryUsage.rss()).toBeLessThan(MEMORY);
    });
});
