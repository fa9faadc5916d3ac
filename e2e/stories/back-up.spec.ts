import { expect, story } from '../story.ts';
import { backUpNow, openMachine } from '../world/console-steps.ts';

story('backs up a machine and sees it succeed', { tag: '@desktop' }, async ({ page, world }) => {
  await openMachine(page, 'vpn-gw-01');
  await backUpNow(page);
  await openMachine(page, 'vpn-gw-01');
  await expect(page.getByRole('table', { name: 'Restore points' }).getByText('OK').first()).toBeVisible();
  const points = (await world.cairn('points', 'vpn-gw-01')) as readonly { state: string }[];
  expect(points[0]).toMatchObject({ state: 'ok' });
});
