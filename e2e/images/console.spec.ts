import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, story } from '../story.ts';
import { openMachine, place } from '../world/console-steps.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'docs', 'images');

async function picture(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: 2000 }).catch(() => undefined);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

story('pictures of the console with a week of work in it', async ({ page, world }) => {
  await mkdir(folder, { recursive: true });
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const machine of ['web-01', 'web-02', 'dev-01']) await world.cairn('backup', machine);
  await world.lab.applyActivity('web-01', '0.01', 'pictures');
  await world.cairn('backup', 'web-01');
  await page.reload();

  await place(page, 'Overview').click();
  await picture(page, 'overview');
  await place(page, 'Virtual machines').click();
  await picture(page, 'virtual-machines');
  await openMachine(page, 'web-01');
  await expect(page.getByRole('table', { name: 'Restore points' })).toBeVisible();
  await picture(page, 'virtual-machine');

  await page
    .getByRole('link', { name: /^Restore from/ })
    .first()
    .click();
  await page.getByRole('radio', { name: /^Disks/ }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Make the plan' }).click();
  await expect(page.getByRole('list', { name: 'What will be done' })).toBeVisible();
  await picture(page, 'restore-plan');

  await world.slowDisks(500);
  await openMachine(page, 'db-01');
  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Back up', exact: true }).click();
  await page.getByRole('link', { name: 'Open session' }).click();
  await expect(page.getByText(/\d\s[KMG]iB of \d/)).toBeVisible({ timeout: 120_000 });
  await picture(page, 'session');
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'session-dark');
});
