import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Lab, startLab } from '../../lab/start.ts';
import {
  LabPortal,
  labHost,
  memorySecrets,
  type OpenLabConsole,
  openLabConsole,
  temporaryDirectory,
  trustLab,
} from '../testing/index.ts';

/** What sessions that are over left behind goes at the next start; what only looks like ours stays. */

let lab: Lab;
let portal: LabPortal;
let desk: OpenLabConsole;
const directory = temporaryDirectory();
const secrets = memorySecrets();

const open = (): OpenLabConsole =>
  openLabConsole(lab, labHost(lab, { dataDirectory: directory.path, secrets }));

beforeAll(async () => {
  lab = await startLab({ estate: 'small' });
  trustLab(lab);
  portal = new LabPortal(lab);
  desk = open();
  await desk.signIn();
});
afterAll(async () => {
  await desk.core.close();
  await lab.close();
  directory.remove();
});

it('removes forgotten snapshots of ours, and nothing that people made from ours', async () => {
  const { installationId } = await desk.core.call('app.info', {});
  const ours = {
    'cairn-installation': installationId,
    'cairn-session': 'goneforever',
    'cairn-kind': 'snapshot',
  };
  const disk = (await desk.machine('web-01')).disks[0]?.resourceId ?? '';
  await portal.createSnapshot('cairn-goneforever-1234', disk, ours);
  await portal.createSnapshot('before-the-upgrade', disk, ours);
  await portal.createSnapshot('cairn-of-another', disk, { ...ours, 'cairn-installation': 'another' });
  await portal.createDisk('web-01-clone', { ...ours, 'cairn-kind': 'restored-disk' });
  await desk.core.close();
  desk = open();
  await expect
    .poll(() => desk.leftovers(), { timeout: 20_000 })
    .toEqual(['before-the-upgrade', 'cairn-of-another', 'web-01-clone']);
});
