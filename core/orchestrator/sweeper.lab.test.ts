import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Lab, startLab } from '../../lab/start.ts';
import { connectWithSecret, createServiceSecurityGroup, resourceIdOf } from '../azure/index.ts';
import {
  LabPortal,
  labCloud,
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

/** As a worker that serves has one. */
async function makeSecurityGroup(name: string, tags: Record<string, string>): Promise<void> {
  const { clientId, clientSecret: secret } = lab.operator;
  const connection = connectWithSecret(labCloud(lab), { tenantId: lab.tenantId, clientId, secret }, {});
  const place = { subscriptionId: lab.subscriptionIds[0] ?? '', resourceGroup: 'rg-shop-prod' };
  const securityGroupId = resourceIdOf('securityGroup', place, name);
  await createServiceSecurityGroup(
    connection,
    { securityGroupId, region: 'westeurope', port: 8443, sources: [], tags },
    AbortSignal.timeout(20_000),
  );
}

it('removes what is forgotten of ours, and nothing that people made from ours', async () => {
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
  await makeSecurityGroup('cairn-w1234-1-nsg', { ...ours, 'cairn-kind': 'worker-nsg' });
  await makeSecurityGroup('web-nsg', { ...ours, 'cairn-kind': 'worker-nsg' });
  await portal.createDisk('web-01-clone', { ...ours, 'cairn-kind': 'restored-disk' });
  await desk.core.close();
  desk = open();
  await expect
    .poll(() => desk.leftovers(), { timeout: 20_000 })
    .toEqual(['before-the-upgrade', 'cairn-of-another', 'web-01-clone', 'web-nsg']);
});
