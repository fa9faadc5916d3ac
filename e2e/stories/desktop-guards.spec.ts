import { expect, story } from '../story.ts';

/** Runs in the page: what it can reach. */
const lookAround = `(async () => ({
  outside: await fetch('https://example.com/').then(() => 'reached', () => 'refused'),
  popup: window.open('https://127.0.0.1:9/', '_blank') === null,
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
    expect(seen.bridge).toEqual(shell === 'electron' ? ['call', 'subscribe'] : []);
    if (shell === 'browser') return;
    expect(seen.popup).toBe(true);
    await page.evaluate(`location.href = 'https://example.com/'`);
    await expect(places).toBeVisible();
    expect(page.url()).toMatch(/^app:\/\/cairn\//);
  },
);
