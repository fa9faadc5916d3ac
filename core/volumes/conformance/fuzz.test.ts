import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';
import { readSample, sampleNames } from './samples.ts';

const ROUNDS = 25;

describe('damaged disks cause typed errors and nothing else', () => {
  for (const name of sampleNames)
    it(name, async () => {
      const outcome = await fuzz({ image: await readSample(name), seed: name, rounds: ROUNDS });
      expect(outcome.failures).toEqual([]);
      expect(outcome.damaged).toBeGreaterThan(0);
      expect(outcome.slowest).toBeLessThan(10_000);
    });
});
