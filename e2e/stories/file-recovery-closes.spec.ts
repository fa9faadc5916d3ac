import { expect, story } from '../story.ts';
import { place } from '../world/console-steps.ts';
import { backedUpMachine } from '../world/guest-files.ts';

story('a session that nobody uses warns, closes itself, and opens again', async ({ page, world }) => {
  await backedUpMachine(world, 'left-open-01', { 'etc/hostname': 'left-open-01\n' });
  const [point] = (await world.cairn('points', 'left-open-01')) as readonly { id: string }[];
  // The shortest time that can be asked for is shorter than those the page offers.
  const sessionId = await page.evaluate(async (pointId) => {
    const body = JSON.stringify({ pointId, idleMinutes: 1 });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch('/api/call/files.open', { method: 'POST', headers, body });
    return ((await answer.json()) as { value: { sessionId: string } }).value.sessionId;
  }, point?.id);
  await page.evaluate(`location.hash = '/files/${sessionId}'`);
  const list = page.getByRole('grid');
  await expect(list.getByText('etc', { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/^This session closes in/)).toBeVisible();

  await expect(page.getByText('This session is closed')).toBeVisible({ timeout: 100_000 });
  await expect(page.getByRole('link', { name: 'Show the session’s log' })).toBeVisible();
  await place(page, 'File recovery').click();
  const sessions = page.getByRole('region', { name: 'Open sessions' });
  await expect(sessions).toBeVisible();
  await expect(sessions.getByRole('link', { name: 'left-open-01' })).toBeHidden();
  await page.goBack();
  await page.getByRole('button', { name: 'Open again' }).click();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(list.getByText('etc', { exact: true })).toBeVisible({ timeout: 30_000 });
});
