import type { Page } from '@playwright/test';
import { expect, story } from '../story.ts';
import { sessionSucceeds } from '../world/console-steps.ts';

/** Tabs until the wanted element has the focus, as somebody without a mouse would. */
async function tabTo(page: Page, role: 'link' | 'button' | 'radio', name: string | RegExp): Promise<void> {
  const wanted = page.getByRole(role, { name }).first();
  await expect(wanted).toBeVisible();
  for (let presses = 0; presses < 80; presses++) {
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${role} ${name} cannot be reached with the Tab key.`);
}

story('a backup can be made with the keyboard alone, and the focus is always visible', async ({ page }) => {
  await expect(page.getByRole('navigation', { name: 'Places' })).toBeVisible();
  await tabTo(page, 'link', 'Virtual machines');
  const outline = await page.evaluate<string>(`(() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle + style.boxShadow;
  })()`);
  expect(outline).not.toBe('nonenone');
  await page.keyboard.press('Enter');
  await tabTo(page, 'link', 'vpn-gw-01');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'vpn-gw-01' })).toBeVisible();
  await tabTo(page, 'button', 'Back up now');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await tabTo(page, 'button', 'Back up now');
  await page.keyboard.press('Enter');
  await tabTo(page, 'button', /^Back up$/);
  await page.keyboard.press('Enter');
  await tabTo(page, 'link', 'Open session');
  await page.keyboard.press('Enter');
  await sessionSucceeds(page);
});
