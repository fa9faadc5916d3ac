import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, story } from '../story.ts';
import { openMachine, place } from '../world/console-steps.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'docs', 'images');

async function picture(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: 2000 }).catch(() => undefined);
  await page.mouse.move(0, 0);
  // Colours change over a moment.
  await page.waitForTimeout(500);
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

async function openFiles(page: Page, machine: string): Promise<void> {
  await openMachine(page, machine);
  await page.getByRole('button', { name: 'Recover files' }).click();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible({ timeout: 30_000 });
}

async function goTo(page: Page, typed: string): Promise<void> {
  await page.keyboard.press('Control+l');
  await page.keyboard.type(typed);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation', { name: 'Path' })).toBeVisible();
}

story('pictures of file recovery', async ({ page, world }) => {
  await mkdir(folder, { recursive: true });
  await page.setViewportSize({ width: 1280, height: 800 });
  await world.cairn('backup', 'web-01');
  await world.lab.applyActivity('web-01', '0.02', 'pictures');
  await world.cairn('backup', 'web-01');
  await page.reload();

  await openFiles(page, 'web-01');
  await goTo(page, '/etc/fstab');
  const list = page.getByRole('grid');
  await expect(page.getByRole('row', { selected: true })).toContainText('fstab');
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('LABEL=');
  await picture(page, 'explorer');
  await page.getByRole('tab', { name: 'Versions' }).click();
  await expect(page.getByText(/restore points? looked at/i)).toBeVisible();
  await picture(page, 'versions');

  await page.keyboard.press('Control+f');
  await page.keyboard.type('*.log');
  await expect(list).toContainText('.log');
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'search-dark');
  await page.emulateMedia({ colorScheme: 'light' });

  await place(page, 'File recovery').click();
  await picture(page, 'file-recovery');
});
