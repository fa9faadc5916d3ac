import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, story } from '../story.ts';
import { violations } from '../world/accessibility.ts';
import { openMachine, place } from '../world/console-steps.ts';
import { backedUpMachine, type GuestFiles, sha256, zipHashes } from '../world/guest-files.ts';

const passwd = 'root:x:0:0:root:/root:/bin/bash\nazureuser:x:1000:1000::/home/azureuser:/bin/bash\n';
const ledger = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * index) % 251));
const files: GuestFiles = {
  'etc/hostname': 'files-01\n',
  'etc/passwd': passwd,
  'etc/nginx/nginx.conf': 'user www-data;\nworker_processes auto;\n',
  'srv/books/ledger-2026.bin': ledger,
  'srv/books/notes.txt': 'Paid twice in March.\n',
  'srv/books/<b>not bold.txt': 'a name is a name\n',
  ...Object.fromEntries(
    Array.from({ length: 1500 }, (_, index) => [`srv/sensors/${index}.csv`, `time,value\n${index},1\n`]),
  ),
};

let folder = '';
story.beforeAll(async ({ world }) => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cairn-taken-'));
  await backedUpMachine(world, 'files-01', files);
});
story.afterAll(() => rm(folder, { recursive: true, force: true }));

/** From the dialog to the file on this computer: by the browser's own download, or written by Cairn. */
async function take(page: Page, shell: string, name: string): Promise<string> {
  const dialog = page.getByRole('dialog');
  const target = path.join(folder, `${shell}-${name}`);
  const submit = dialog.getByRole('button', { name: 'Download', exact: true });
  if (shell === 'browser') {
    const [download] = await Promise.all([page.waitForEvent('download'), submit.click()]);
    expect(download.suggestedFilename()).toContain(path.extname(name));
    await download.saveAs(target);
  } else {
    await dialog.getByRole('textbox').fill(target);
    await submit.click();
  }
  const tray = page.getByRole('region', { name: 'Downloads' });
  await expect(tray.getByText('Complete', { exact: true }).first()).toBeVisible();
  return target;
}

story(
  'finds lost files with the keyboard, looks into them and takes them out, byte for byte',
  { tag: '@desktop' },
  async ({ page, shell, world }) => {
    const list = page.getByRole('grid');

    await story.step('opens the newest restore point', async () => {
      await openMachine(page, 'files-01');
      await page.getByRole('button', { name: 'Recover files' }).click();
      await page.getByRole('radio', { name: /^Read directly/ }).check();
      await page.getByRole('button', { name: 'Open', exact: true }).click();
      await expect(list.getByText('etc', { exact: true })).toBeVisible({ timeout: 30_000 });
    });

    await story.step('walks through folders by keys alone', async () => {
      await list.focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('Enter');
      await expect(list.getByText('passwd')).toBeVisible();
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('complementary', { name: 'Details' })).toContainText(
        passwd.split('\n')[0] ?? '',
      );
      await page.keyboard.press('Alt+ArrowUp');
      await expect(list.getByText('srv', { exact: true })).toBeVisible();
      await expect(page.getByRole('row', { selected: true })).toContainText('etc');
    });

    await story.step('scrolls to the end of a long folder', async () => {
      await page.keyboard.press('Control+l');
      await page.keyboard.type('/srv/sensors');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('status').filter({ hasText: '1,500 items' })).toBeVisible();
      await page.keyboard.press('End');
      await expect(page.getByRole('row', { selected: true })).toContainText('.csv');
      await expect(page.getByRole('row', { selected: true })).toHaveAttribute('aria-rowindex', '1501');
    });

    await story.step('searches the whole volume and goes to where it is', async () => {
      await page.keyboard.press('Control+f');
      await page.keyboard.type('ledger');
      await expect(list.getByText('ledger-2026.bin')).toBeVisible();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Home');
      await page.keyboard.press('Enter');
      await expect(list.getByText('notes.txt')).toBeVisible();
      await expect(page.getByRole('row', { selected: true })).toContainText('ledger-2026.bin');
    });

    await story.step('takes the one file', async () => {
      await page.getByRole('button', { name: 'Download', exact: true }).click();
      await page.getByRole('radio', { name: /^The file as it is/ }).check();
      const taken = await take(page, shell, 'ledger.bin');
      expect(sha256(await readFile(taken))).toBe(sha256(ledger));
      const tray = page.getByRole('region', { name: 'Downloads' });
      await expect(tray.getByText(`SHA-256 ${sha256(ledger)}`)).toBeVisible();
      await tray.getByRole('button', { name: /^Dismiss/ }).click();
    });

    await story.step('takes several as a zip archive', async () => {
      await list.focus();
      await page.keyboard.press('Control+a');
      await expect(page.getByRole('status').filter({ hasText: '3 of 3 items selected' })).toBeVisible();
      await page.getByRole('button', { name: 'Download', exact: true }).click();
      await page.getByRole('radio', { name: /^A zip archive/ }).check();
      expect(await zipHashes(await take(page, shell, 'books.zip'))).toEqual({
        'ledger-2026.bin': sha256(ledger),
        'notes.txt': sha256('Paid twice in March.\n'),
        '<b>not bold.txt': sha256('a name is a name\n'),
      });
    });

    await story.step('reads in the record what was taken', async () => {
      await place(page, 'File recovery').click();
      const record = page.getByRole('table', { name: 'Items taken out' });
      await expect(record).toContainText('ledger-2026.bin');
      await page.getByRole('searchbox', { name: 'Filter the record' }).fill(sha256(ledger));
      await expect(record.getByRole('row')).not.toHaveCount(1);
    });
    expect(await world.lab.defects()).toEqual([]);
  },
);

story('an open session and what differs between two files', async ({ page }) => {
  await openMachine(page, 'files-01');
  await page.getByRole('link', { name: /^Browse files from/ }).click();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  const list = page.getByRole('grid');
  await expect(list.getByText('etc', { exact: true })).toBeVisible({ timeout: 30_000 });
  await list.getByText('etc', { exact: true }).dblclick();
  await list.getByText('hostname').click();
  await list.getByText('passwd').click({ modifiers: ['Control'] });
  await page.getByRole('button', { name: 'Compare' }).click();
  const texts = page.getByRole('region', { name: 'Differences of the text' });
  await expect(texts).toContainText('files-01');
  await expect(texts).toContainText('root:x:0:0');
  await page.getByRole('button', { name: 'Back to the files' }).click();
  await list.getByText('passwd').click();
  await page.getByRole('button', { name: 'Versions' }).click();
  await expect(page.getByRole('list', { name: 'Versions, newest first' })).toContainText('Open now');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close session' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'File recovery' })).toBeVisible();
  const sessions = page.getByRole('region', { name: 'Open sessions' });
  await expect(sessions.getByRole('link', { name: 'files-01' })).toBeHidden();
});

for (const scheme of ['light', 'dark'] as const)
  story(`the explorer keeps WCAG 2.2 AA, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await openMachine(page, 'files-01');
    await page.getByRole('button', { name: 'Recover files' }).click();
    await expect(page.getByRole('radio', { name: /^Read directly/ })).toBeVisible();
    expect(await violations(page), 'opening').toEqual([]);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    const list = page.getByRole('grid');
    await expect(list.getByText('etc', { exact: true })).toBeVisible({ timeout: 30_000 });
    await list.focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('button', { name: 'Properties' }).click();
    await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('Inode');
    expect(await violations(page), 'explorer').toEqual([]);
    await page.getByRole('tab', { name: 'Versions' }).click();
    await expect(page.getByText(/restore points? looked at/i)).toBeVisible();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('csv');
    await expect(page.getByRole('grid', { name: 'Search results' })).toContainText('.csv');
    expect(await violations(page), 'search').toEqual([]);
    await list.focus();
    await page.keyboard.press('Control+a');
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await violations(page), 'download').toEqual([]);
  });
