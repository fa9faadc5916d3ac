import { expect, story } from '../story.ts';
import { openMachine, pick, place, signInWithSecret } from '../world/console-steps.ts';

story('a wrong secret, a wrong tenant and a wrong id are told apart', async ({ page, world }) => {
  const { operator, tenantId } = world.lab.addresses;
  await place(page, 'Accounts').click();
  await page.getByRole('button', { name: 'Add account' }).first().click();
  const right = { name: 'Again', tenantId, clientId: operator.clientId, secret: operator.clientSecret };

  await signInWithSecret(page, { ...right, clientId: 'not-a-guid' });
  await expect(page.getByText('must be the application (client) id')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Application (client) id' })).toHaveAttribute(
    'aria-invalid',
    'true',
  );

  await signInWithSecret(page, { ...right, secret: 'wrong secret' });
  await expect(page.getByText('The account was not added')).toBeVisible();
  await expect(page.getByText('The client secret is wrong.')).toBeVisible();

  await signInWithSecret(page, { ...right, tenantId: 'fabrikam.onmicrosoft.com' });
  await expect(page.getByText(/^There is no such tenant/)).toBeVisible();
  const accounts = (await world.cairn('accounts')) as readonly unknown[];
  expect(accounts).toHaveLength(1);
});

story('a repository is not made where something else is, and its fields are checked', async ({ page }) => {
  await place(page, 'Repositories').click();
  await page.getByRole('button', { name: 'Add repository' }).first().click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Second');
  await pick(page, 'Storage account', /contosobackupweu/);
  await page.getByRole('switch', { name: 'Make a new container' }).check();
  await page.getByRole('textbox', { name: 'New container' }).fill('Not_Allowed');
  await page.getByRole('button', { name: 'Look at the folder' }).click();
  await expect(page.getByText(/3 to 63 lower-case/)).toBeVisible();
  await page.getByRole('textbox', { name: 'New container' }).fill('second');
  await page.getByRole('textbox', { name: 'Folder' }).fill('../escape');
  await page.getByRole('button', { name: 'Look at the folder' }).click();
  await expect(page.getByText(/joined by \//)).toBeVisible();
  await page.getByRole('textbox', { name: 'Folder' }).fill('cairn');
  await page.getByRole('button', { name: 'Look at the folder' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel(/^Password(?! again)/).fill('short');
  await page.getByLabel(/^Password again/).fill('different');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText(/at least 12 characters/)).toBeVisible();
});

story('a machine without managed disks cannot be backed up, and says why', async ({ page }) => {
  await openMachine(page, 'legacy-erp-01');
  await expect(page.getByRole('button', { name: 'Back up now' })).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByText(/managed disks/i).first()).toBeVisible();
});
