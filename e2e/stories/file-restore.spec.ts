import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, story } from '../story.ts';
import { violations } from '../world/accessibility.ts';
import { openMachine } from '../world/console-steps.ts';
import { backedUpMachine } from '../world/guest-files.ts';

const prices = 'bread,3.20\nbutter,2.40\n';

story.beforeAll(async ({ world }) => {
  await backedUpMachine(world, 'mended-01', {
    'etc/fstab': 'LABEL=guest / ext4 defaults 0 1\n',
    'etc/motd': 'Welcome back.\n',
    'srv/shop/prices.csv': prices,
    'srv/shop/orders/1.txt': 'two loaves\n',
  });
});

story('puts a folder back into the running machine', async ({ page, world }) => {
  await openMachine(page, 'mended-01');
  await page.getByRole('button', { name: 'Recover files' }).click();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  const list = page.getByRole('grid');
  await expect(list.getByText('srv', { exact: true })).toBeVisible({ timeout: 30_000 });
  await list.getByText('srv', { exact: true }).dblclick();
  await list.getByText('shop').click();

  await story.step('reviews what will happen', async () => {
    await page.getByRole('button', { name: 'Restore to the machine' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /^Another folder/ }).check();
    await dialog.getByRole('textbox').fill('/root/recovered');
    await dialog.getByRole('button', { name: 'Review' }).click();
    await expect(dialog.getByRole('list', { name: 'Where each item goes' })).toContainText(
      '/root/recovered/shop',
    );
    await expect(dialog).toContainText('2 files, 2 folders');
    expect(await violations(page), 'review').toEqual([]);
    await dialog.getByRole('button', { name: 'Restore files' }).click();
  });

  await story.step('sees that it is done', async () => {
    await expect(page.getByText('Succeeded').first()).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('main')).toContainText(/2 files/);
  });

  await story.step('finds the files in the next backup of the machine', async () => {
    await world.cairn('backup', 'mended-01');
    const folder = await mkdtemp(path.join(os.tmpdir(), 'cairn-mended-'));
    const point = ['--point', 'mended-01@latest'];
    await world.cairn('files', 'get', '/root/recovered/shop', folder, ...point);
    expect(await readFile(path.join(folder, 'shop', 'prices.csv'), 'utf8')).toBe(prices);
    await rm(folder, { recursive: true });
  });
});
