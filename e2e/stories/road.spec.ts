import { expect, story } from '../story.ts';
import {
  backUpNow,
  openMachine,
  pick,
  place,
  sessionSucceeds,
  signInWithSecret,
} from '../world/console-steps.ts';

story.use({ worldName: 'new installation' });

story(
  'a newcomer protects a machine, its guest works on, and a disk comes back verified',
  async ({ page, world }) => {
    const { operator, tenantId } = world.lab.addresses;

    await story.step('signs in', async () => {
      await page.getByRole('button', { name: 'Add account' }).click();
      const { clientId, clientSecret: secret } = operator;
      await signInWithSecret(page, { name: 'Contoso backup', tenantId, clientId, secret });
      await sessionSucceeds(page);
    });

    await story.step('adds an encrypted repository', async () => {
      await place(page, 'Overview').click();
      await page.getByRole('button', { name: 'Add repository' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('West Europe');
      await pick(page, 'Storage account', /contosobackupweu/);
      await page.getByRole('textbox', { name: 'New container' }).fill('cairn-backups');
      await page.getByRole('button', { name: 'Look at the folder' }).click();
      await expect(page.getByText('A new container')).toBeVisible();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByLabel(/^Password(?! again)/).fill('a long sentence for the lab');
      await page.getByLabel(/^Password again/).fill('a long sentence for the lab');
      await page.getByLabel('I have stored the password in a safe place').check();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('button', { name: 'Add repository' }).click();
      await sessionSucceeds(page);
    });

    await story.step('backs up a machine and watches', async () => {
      await world.slowDisks(700);
      await openMachine(page, 'web-02');
      await expect(page.getByText('No restore points yet')).toBeVisible();
      await page.getByRole('button', { name: 'Back up now' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Back up', exact: true }).click();
      await page.getByRole('link', { name: 'Open session' }).click();
      const progress = page.getByRole('progressbar');
      await expect(progress).toBeVisible();
      await expect(page.getByText(/\d\s[KMG]iB of \d/)).toBeVisible({ timeout: 120_000 });
      await sessionSucceeds(page);
      await expect(page.getByText('Full', { exact: true })).toBeVisible();
    });

    await story.step('backs up again after the guest has worked', async () => {
      await world.lab.applyActivity('web-02', '0.01', 'story');
      await openMachine(page, 'web-02');
      await backUpNow(page);
      await expect(page.getByText('Incremental', { exact: true })).toBeVisible();
    });

    await story.step('restores a disk and reads that it is verified', async () => {
      const [disk = ''] = (await world.lab.resources('Microsoft.Compute/disks')).filter((id) =>
        /web-02/i.test(id),
      );
      const before = await world.lab.diskSha256(disk);
      await page.getByRole('link', { name: 'Restore from this point' }).click();
      await page.getByRole('radio', { name: /^Disks/ }).check();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('textbox', { name: /^New name of/ }).fill('web-02-back');
      await page.getByRole('button', { name: 'Make the plan' }).click();
      await expect(page.getByRole('list', { name: 'What will be done' })).toContainText('web-02-back');
      await page.getByRole('button', { name: 'Start restore' }).click();
      await sessionSucceeds(page);
      const disks = page.getByRole('table', { name: 'Restored disks' });
      await expect(disks).toContainText('web-02-back');
      await expect(disks.getByText('Verified', { exact: true })).toBeVisible();
      const restored = disk.replace(/[^/]+$/, 'web-02-back');
      expect(await world.lab.diskSha256(restored)).toBe(before);
    });
  },
);
