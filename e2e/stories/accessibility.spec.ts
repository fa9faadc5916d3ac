import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, story } from '../story.ts';
import { openMachine, place } from '../world/console-steps.ts';

/** Violations of WCAG 2.2 AA on what is shown now, one line each. */
async function violations(page: Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    // Fluent's focus traps keep hidden, focusable elements on purpose; they are never reached by a user.
    .exclude('[data-tabster-dummy]')
    .analyze();
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`));
}

for (const scheme of ['light', 'dark'] as const)
  story(`every page keeps WCAG 2.2 AA, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    for (const name of ['Overview', 'Virtual machines', 'Repositories', 'Sessions', 'Accounts']) {
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
