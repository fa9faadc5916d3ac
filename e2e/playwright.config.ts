import path from 'node:path';
import { defineConfig } from '@playwright/test';

const root = path.dirname(import.meta.dirname);

/**
 * User stories, on the console as it is served and as it is built. `browser`: Debian's Chromium on the server shell.
 * `electron`: a real Electron window attached to a running server; only stories tagged `@desktop`.
 */
export default defineConfig({
  testDir: 'stories',
  testMatch: '*.spec.ts',
  outputDir: path.join(root, 'test-results', 'e2e'),
  // Each with a lab, a server and a browser of its own: stories wait for screens and sessions more than they compute.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: path.join(root, 'test-results', 'e2e.json') }]],
  projects: [
    { name: 'browser', use: { shell: 'browser' } as object },
    { name: 'electron', grep: /@desktop/, use: { shell: 'electron' } as object },
  ],
});
