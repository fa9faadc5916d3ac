import { expect, story } from '../story.ts';
import { openMachine, pick, sessionSucceeds } from '../world/console-steps.ts';

story('restores a whole machine under a new name, beside the old one', async ({ page, world }) => {
  await world.cairn('backup', 'dev-01');
  await openMachine(page, 'dev-01');
  await page.getByRole('link', { name: /^Restore from/ }).click();
  await page.getByRole('radio', { name: /^A new virtual machine/ }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('textbox', { name: 'Name of the new machine' }).fill('dev-01-copy');
  await pick(page, /^Subnet/, /default/);
  await page.getByRole('button', { name: 'Make the plan' }).click();
  const plan = page.getByRole('list', { name: 'What will be done' });
  await expect(plan.getByText('Virtual machine')).toBeVisible();
  await expect(plan).toContainText('dev-01-copy');
  await page.getByRole('button', { name: 'Start restore' }).click();
  await sessionSucceeds(page);
  await expect(page.getByRole('link', { name: 'Open dev-01-copy' })).toBeVisible();
  const machines = await world.lab.resources('Microsoft.Compute/virtualMachines');
  expect(machines.filter((id) => id.endsWith('/dev-01-copy'))).toHaveLength(1);
});

story('puts a machine back in its place only after its name has been typed', async ({ page, world }) => {
  await world.cairn('backup', 'web-02');
  await openMachine(page, 'web-02');
  await page
    .getByRole('link', { name: /^Restore from/ })
    .first()
    .click();
  await page.getByRole('radio', { name: /^The original place/ }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Make the plan' }).click();
  const start = page.getByRole('button', { name: 'Start restore' });
  await expect(page.getByText('Warning').first()).toBeVisible();
  await expect(start).toBeDisabled();
  const confirmation = page.getByRole('textbox', { name: /to confirm/ });
  await confirmation.fill('web-01');
  await expect(start).toBeDisabled();
  await confirmation.fill('web-02');
  await start.click();
  await sessionSucceeds(page);
  await expect(page.getByText('These disks were replaced.', { exact: false })).toBeVisible();
});
