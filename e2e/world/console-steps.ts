import { expect, type Page } from '@playwright/test';

/** What an operator does again and again, each by what is on screen. */

/** Backups and restores start a worker, so they take a while on a small machine. */
const sessionTimeout = 150_000;

export function place(page: Page, name: string) {
  return page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name });
}

/** Waits until the session whose page is open has succeeded; shows its error when it has not. */
export async function sessionSucceeds(page: Page): Promise<void> {
  const succeeded = page.getByText('Succeeded', { exact: true }).first();
  const failed = page.getByText(/did not succeed/).first();
  await expect(succeeded.or(failed).first()).toBeVisible({ timeout: sessionTimeout });
  if (await failed.isVisible()) throw new Error((await page.getByRole('main').textContent()) ?? '');
}

export async function signInWithSecret(
  page: Page,
  account: {
    readonly name: string;
    readonly tenantId: string;
    readonly clientId: string;
    readonly secret: string;
  },
): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill(account.name);
  await page.getByRole('textbox', { name: 'Tenant' }).fill(account.tenantId);
  await page.getByRole('textbox', { name: 'Application (client) id' }).fill(account.clientId);
  await page.getByLabel(/^Client secret/).fill(account.secret);
  await page.getByRole('button', { name: 'Sign in and add' }).click();
}

export async function pick(page: Page, field: string | RegExp, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: field }).click();
  await page.getByRole('option', { name: option }).first().click();
}

export async function openMachine(page: Page, name: string): Promise<void> {
  await place(page, 'Virtual machines').click();
  await page
    .getByRole('table', { name: 'Virtual machines' })
    .getByRole('link', { name, exact: true })
    .click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** From a machine's page: backs it up and ends on the page of the session, which has succeeded. */
export async function backUpNow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Back up', exact: true }).click();
  await page.getByRole('link', { name: 'Open session' }).click();
  await sessionSucceeds(page);
}
