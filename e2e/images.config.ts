import path from 'node:path';
import { defineConfig } from '@playwright/test';

/** Takes the pictures of the documentation: `npx playwright test -c e2e/images.config.ts`. Not part of the tests. */
export default defineConfig({
  testDir: 'images',
  testMatch: '*.spec.ts',
  outputDir: path.join(import.meta.dirname, '..', 'test-results', 'images'),
  workers: 1,
  timeout: 400_000,
  expect: { timeout: 20_000 },
  projects: [{ name: 'browser', use: { shell: 'browser' } as object }],
});
