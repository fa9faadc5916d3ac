import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Violations of WCAG 2.2 AA on what is shown now, one line each. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(motionsEnd);
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    // Fluent's focus traps keep hidden, focusable elements on purpose; they are never reached by a user.
    .exclude('[data-tabster-dummy]')
    .analyze();
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`));
}

/** What fades in has the contrast of its end only at its end. Runs in the page. */
const motionsEnd = `Promise.all(
  document
    .getAnimations()
    .filter(({ effect }) => Number.isFinite(Number(effect?.getComputedTiming().endTime)))
    .map((motion) => motion.finished.catch(() => undefined)),
).then(() => undefined)`;
