import { type Browser, test as base, expect, type Page } from '@playwright/test';
import { launchChromium, openBrowserPage } from './world/browser-page.ts';
import { openDesktopWindow } from './world/desktop-window.ts';
import { type RunningConsole, startConsole } from './world/running-console.ts';

interface StoryFixtures {
  /** The console's page, signed in: in a browser or in the desktop window, as the project says. */
  readonly page: Page;
}

interface WorldFixtures {
  readonly shell: 'browser' | 'electron';
  readonly chromium: Browser;
  /** Stories of files that name the same world share its lab and server; a new name is a new installation. */
  readonly worldName: string;
  readonly world: RunningConsole;
}

/** Every page of every story must keep the policy and throw nothing. */
const refused = /Content Security Policy|TrustedHTML|TrustedScript/;
/** Where stories knock on purpose, to see that the policy holds. */
const probed = 'https://example.com/';

export const story = base.extend<StoryFixtures, WorldFixtures>({
  shell: ['browser', { option: true, scope: 'worker' }],
  worldName: ['prepared', { option: true, scope: 'worker' }],
  chromium: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the needed fixtures from this pattern.
    async ({}, use) => {
      const browser = await launchChromium();
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  world: [
    async ({ worldName }, use) => {
      const world = await startConsole();
      if (worldName === 'prepared') await world.prepare();
      await use(world);
      await world.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  page: async ({ shell, world, chromium }, use) => {
    const opened =
      shell === 'electron'
        ? await openDesktopWindow(world)
        : await openBrowserPage(chromium, world).then((page) => ({
            page,
            close: () => page.context().close(),
          }));
    const problems: string[] = [];
    opened.page.on('pageerror', (error) => problems.push(error.message));
    opened.page.on('console', (message) => {
      if (refused.test(message.text()) && !message.text().includes(probed)) problems.push(message.text());
    });
    await use(opened.page);
    await opened.close();
    expect(problems).toEqual([]);
  },
});

export { expect } from '@playwright/test';
