import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, story } from '../story.ts';
import { violations } from '../world/accessibility.ts';
import { openMachine } from '../world/console-steps.ts';
import { backedUpMachine, sha256, zipHashes } from '../world/guest-files.ts';

const report = Buffer.from(Array.from({ length: 400_000 }, (_, index) => (index * 7) % 253));
let folder = '';

story.beforeAll(async ({ world }) => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cairn-shared-'));
  await backedUpMachine(world, 'shared-01', {
    'etc/hostname': 'shared-01\n',
    'srv/reports/march.bin': report,
    'srv/reports/<img src=x onerror=alert(1)>.txt': 'a name is a name\n',
    'srv/reports/empty': '',
  });
});
story.afterAll(() => rm(folder, { recursive: true, force: true }));

story(
  'files through a worker, and a link with which a colleague takes them',
  async ({ page, chromium, world }) => {
    const list = page.getByRole('grid');
    let link = '';

    await story.step('opens the restore point through a worker', async () => {
      await openMachine(page, 'shared-01');
      await page.getByRole('button', { name: 'Recover files' }).click();
      await page.getByRole('radio', { name: /^Through a worker near/ }).check();
      await page.getByRole('button', { name: 'Open', exact: true }).click();
      await expect(list.getByText('srv', { exact: true })).toBeVisible({ timeout: 90_000 });
    });

    await story.step('takes a folder as a zip archive', async () => {
      await list.getByText('srv', { exact: true }).click();
      await page.getByRole('button', { name: 'Download', exact: true }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('radio', { name: /^A zip archive/ }).check();
      const submit = dialog.getByRole('button', { name: 'Download', exact: true });
      const [download] = await Promise.all([page.waitForEvent('download'), submit.click()]);
      const target = path.join(folder, 'srv.zip');
      await download.saveAs(target);
      expect(await zipHashes(target)).toEqual({
        'srv/reports/march.bin': sha256(report),
        'srv/reports/<img src=x onerror=alert(1)>.txt': sha256('a name is a name\n'),
        'srv/reports/empty': sha256(''),
      });
    });

    await story.step('makes a link', async () => {
      await page.getByRole('button', { name: 'Share' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Make a link' }).click();
      link = (await dialog.getByText(/^https:\/\/.*\/share#/).textContent()) ?? '';
      await expect(dialog.getByText('Links that work now')).toBeVisible();
    });

    const visit = await chromium.newContext({ ignoreHTTPSErrors: true, colorScheme: 'dark' });
    const shared = await visit.newPage();
    const problems: string[] = [];
    shared.on('pageerror', (error) => problems.push(error.message));
    shared.on(
      'console',
      (message) => /Content Security|Trusted/.test(message.text()) && problems.push(message.text()),
    );
    const files = shared.getByRole('table');

    await story.step('a colleague looks around, by keys and by search', async () => {
      await expect
        .poll(async () => {
          await shared.goto('about:blank');
          await shared.goto(link);
          return files.getByText('srv/').isVisible();
        })
        .toBe(true);
      expect(shared.url()).not.toContain('#');
      await files.getByRole('button', { name: 'srv/' }).press('Enter');
      await files.getByRole('button', { name: 'reports/' }).click();
      await expect(files.getByText('<img src=x onerror=alert(1)>.txt')).toBeVisible();
      await files.getByRole('button', { name: '<img src=x onerror=alert(1)>.txt' }).click();
      await expect(shared.getByRole('dialog')).toContainText('a name is a name');
      expect(await violations(shared)).toEqual([]);
      await shared.keyboard.press('Escape');
      await shared.getByRole('searchbox', { name: 'Search' }).fill('march');
      await shared.keyboard.press('Enter');
      await expect(files.getByText('/srv/reports/march.bin')).toBeVisible();
    });

    await story.step('and takes a file, byte for byte', async () => {
      const [download] = await Promise.all([
        shared.waitForEvent('download'),
        files.getByRole('link', { name: /^Download: .*march/ }).click(),
      ]);
      const target = path.join(folder, 'march.bin');
      await download.saveAs(target);
      expect(sha256(await readFile(target))).toBe(sha256(report));
    });

    await story.step('the link ends when it is revoked', async () => {
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
      await expect
        .poll(
          async () => {
            await shared.reload();
            return shared.getByText('This link does not work any more.').isVisible();
          },
          { intervals: [1000] },
        )
        .toBe(true);
      await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click();
    });

    await story.step('what was taken is in the record, and closing leaves nothing', async () => {
      await page.getByRole('button', { name: 'Close', exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Close session' }).click();
      const record = page.getByRole('table', { name: 'Items taken out' });
      await expect(record).toContainText('march.bin');
      // Other stories of this installation may have restore points open.
      const sessions = page.getByRole('region', { name: 'Open sessions' });
      await expect(sessions.getByRole('link', { name: 'shared-01' })).toBeHidden({ timeout: 60_000 });
    });
    expect(problems).toEqual([]);
    expect(await world.lab.defects()).toEqual([]);
    await visit.close();
  },
);
