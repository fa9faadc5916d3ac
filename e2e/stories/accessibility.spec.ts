import { expect, story } from '../story.ts';
import { violations } from '../world/accessibility.ts';
import { openMachine, place } from '../world/console-steps.ts';

for (const scheme of ['light', 'dark'] as const)
  story(`every page keeps WCAG 2.2 AA, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    for (const name of [
      'Overview',
      'Virtual machines',
      'File recovery',
      'Repositories',
      'Sessions',
      'Accounts',
    ]) {
      await place(page, name).click();
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
      expect(await violations(page), name).toEqual([]);
    }
    await openMachine(page, 'web-01');
    expect(await violations(page), 'a machine').toEqual([]);
    await place(page, 'Sessions').click();
    await page.getByRole('table', { name: 'Sessions' }).getByRole('link').first().click();
    await expect(page.getByRole('heading', { name: 'Steps' })).toBeVisible();
    expect(await violations(page), 'a session').toEqual([]);
  });
