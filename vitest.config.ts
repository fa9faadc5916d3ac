import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.ts';

/**
 * Three projects. `unit`: in-process, seconds. `renderer`: components in happy-dom.
 * `lab`: real SDKs against real labs (child processes, disks), each file with a lab of its own; labs share nothing but the
 * built disk images, so files of every project run side by side.
 */
export default defineConfig({
  test: {
    // By default one processor is left to Vitest itself, which on a machine with two leaves one for all tests. Labs need
    // memory: on a large machine more of them than this would not fit.
    maxWorkers: Math.min(4, availableParallelism()),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{core,electron,server,lab,bench,scripts}/**/*.test.ts'],
          exclude: ['**/*.lab.test.ts', '**/node_modules/**'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'renderer',
          include: ['renderer/**/*.test.{ts,tsx}'],
          environment: 'happy-dom',
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['{core,electron,server,lab,bench,scripts}/**/*.lab.test.ts'],
          globalSetup: ['scripts/prepare-lab-tests.ts'],
          // Files side by side take turns; a test that hangs is found all the same.
          testTimeout: 400_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
