import { defineConfig } from 'vitest/config';

/**
 * Three projects. `unit`: in-process, seconds. `renderer`: components in happy-dom.
 * `lab`: real SDKs against the real lab (child processes, disks); files run one after another.
 */
export default defineConfig({
  test: {
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
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
