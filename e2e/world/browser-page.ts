import { type Browser, chromium, type Page } from '@playwright/test';
import type { RunningConsole } from './running-console.ts';

const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-gpu',
];

export function launchChromium(): Promise<Browser> {
  // Chromium's own sandbox does not run as root, which test machines often are.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: [...quiet, ...sandbox] });
}

/** A signed-in page on a running console, in a browser profile of its own. */
export async function openBrowserPage(browser: Browser, running: RunningConsole): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 880 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(await running.startAddress());
  return page;
}
