import { expect, story } from '../story.ts';

const outside = 'https://example.com/';

/** Runs in the page: what it can reach. */
const lookAround = `(async () => ({
  outside: await fetch('${outside}').then(() => 'reached', () => 'refused'),
  popup: window.open('http://127.0.0.1:9/', '_blank') === null,
  node: [typeof window.require, typeof window.process],
  bridge: Object.keys(window.cairn ?? {}),
}))()`;

interface Seen {
  readonly outside: string;
  readonly popup: boolean;
  readonly node: readonly string[];
  readonly bridge: readonly string[];
}

story(
  'the window keeps its page, its policy and its bridge to itself',
  { tag: '@desktop' },
  async ({ page, shell }) => {
    const places = page.getByRole('navigation', { name: 'Places' });
    await expect(places).toBeVisible();
    const seen = await page.evaluate<Seen>(lookAround);
    expect(seen.outside).toBe('refused');
    expect(seen.node).toEqual(['undefined', 'undefined']);
    expect(seen.bridge).toEqual(shell === 'electron' ? ['call', 'chooseTarget', 'subscribe'] : []);
    if (shell === 'browser') return;
    expect(seen.popup).toBe(true);
    // Playwright's locators would wait for the navigation that never comes, so the page itself is asked.
    await page.evaluate(`location.href = '${outside}'; setTimeout(() => { window.stayed = true; }, 500)`);
    await expect.poll(() => page.evaluate(`window.stayed ? location.href : ''`)).toMatch(/^app:\/\/cairn\//);
  },
);
