import { setTimeout as wait } from 'node:timers/promises';
import { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../../lab/start.ts';
import type { FilePlace, FileRecovery, FileRestoreTarget, Session } from '../../contract/index.ts';
import {
  labHost,
  type OpenLabConsole,
  openLabConsole,
  temporaryDirectory,
  trustLab,
} from '../../testing/index.ts';

/** Files of a machine are lost and changed inside of its guest, and come back out of a restore point. */
let lab: Lab;
let desk: OpenLabConsole;
let opened: FileRecovery;
const directory = temporaryDirectory();
const signal = new AbortController().signal;

beforeAll(async () => {
  lab = await startLab({ estate: 'small' });
  trustLab(lab);
  desk = openLabConsole(lab, labHost(lab, { dataDirectory: directory.path }));
  await desk.signIn();
  const repositoryId = await desk.addRepository('files');
  await guest(
    'chmod 4750 /home/azureuser/.bashrc; ln -s ../etc/passwd /srv/link; touch -d 2021-05-06T07:08:09.123456789Z /etc/hostname',
  );
  await desk.backUp(await desk.machine('web-01'), repositoryId);
  opened = await open(repositoryId);
}, 180_000);
afterAll(async () => {
  await desk.core.close();
  await lab.close();
  directory.remove();
});

/** Says something in the guest of web-01 and answers what it says. */
async function guest(script: string): Promise<string> {
  const vm = lab.admin.store
    .list({ type: 'Microsoft.Compute/virtualMachines' })
    .find(({ name }) => name === 'web-01');
  const command = { commandId: 'RunShellScript', script: [script] };
  const { exitCode, stdout, stderr } = await lab.admin.vms.runCommand(
    String(vm?.properties['vmId']),
    command,
    signal,
  );
  if (exitCode !== 0) throw new Error(`the guest says ${exitCode}: ${stderr}`);
  return stdout;
}

async function open(repositoryId: string): Promise<FileRecovery> {
  const [point] = await desk.core.call('point.list', { repositoryId });
  const { sessionId } = await desk.core.call('files.open', { pointId: point?.id ?? '' });
  for (;;) {
    const recovery = await desk.core.call('files.get', { sessionId });
    if (recovery.state === 'open') return recovery;
    if (recovery.state === 'failed') throw new Error(recovery.error?.message);
    await wait(50);
  }
}

function place(path: string): FilePlace {
  const volume = opened.volumes?.find(({ guestPlaces }) => guestPlaces.includes('/'));
  return { volumeId: volume?.id ?? '', path };
}

async function restore(
  items: FilePlace[],
  target: FileRestoreTarget,
  existing: 'keep' | 'overwrite',
): Promise<Session> {
  const plan = await desk.core.call('files.restorePlan', {
    sessionId: opened.sessionId,
    items,
    target,
    existing,
  });
  expect(plan.refusals).toEqual([]);
  const { sessionId } = await desk.core.call('files.restore', { planId: plan.id });
  return desk.succeeded(sessionId);
}

/** Names of what still waits for a machine in any storage account of workers. */
async function stagedBlobs(): Promise<string[]> {
  const names: string[] = [];
  for (const { name, tags } of lab.admin.store.list({ type: 'Microsoft.Storage/storageAccounts' })) {
    const account = lab.admin.storage.get(name);
    if (tags?.['cairn-kind'] !== 'worker-storage' || account === undefined) continue;
    const credential = new StorageSharedKeyCredential(name, account.keys[0]);
    const container = new ContainerClient(`${account.blobEndpoint}file-restores`, credential);
    for await (const blob of container.listBlobsFlat()) names.push(blob.name);
    names.push(...((await container.exists()) ? [] : ['there is no container']));
  }
  return names;
}

const facts =
  'cd / && stat --format="%n %a %u:%g %y %s %N" etc/hostname home/azureuser/.bashrc srv/link && sha256sum etc/hostname home/azureuser/.bashrc';

describe('files of a restore point', () => {
  it('come back into their places with bytes, owners, modes and times', async () => {
    const before = await guest(facts);
    await guest('echo broken > /etc/hostname; rm -r /home/azureuser /srv/link');
    const items = [place('/etc/hostname'), place('/home/azureuser'), place('/srv/link')];
    const session = await restore(items, { kind: 'original' }, 'overwrite');
    expect(session.result).toMatchObject({ kind: 'file-restore', keptFiles: 0, failures: [] });
    expect(await guest(facts)).toBe(before);
    expect(
      await guest('cat "/home/azureuser/notes/ünïcode – naïve.txt"; ls -a /home /etc /srv'),
    ).not.toContain('.cairn-');
    const taken = await desk.core.call('files.taken', { sessionId: session.id });
    expect(taken.map(({ way, path }) => [way, path]).sort()).toEqual(
      items.map(({ path }) => ['restored', path]).sort(),
    );
  }, 120_000);

  it('do not replace what is there unless asked to', async () => {
    await guest('echo changed > /etc/hostname; rm /etc/os-release');
    const session = await restore(
      [place('/etc/hostname'), place('/etc/os-release')],
      { kind: 'original' },
      'keep',
    );
    expect(session.result).toMatchObject({ restoredFiles: 1, keptFiles: 1 });
    expect(await guest('cat /etc/hostname; head -c 12 /etc/os-release')).toBe('changed\nPRETTY_NAME=');
  }, 120_000);

  it('go into another folder, and nothing waits in the storage of workers afterwards', async () => {
    await guest('echo another > /etc/hostname');
    const session = await restore([place('/etc')], { kind: 'folder', path: "/root/it's back" }, 'keep');
    expect(session.result).toMatchObject({ failures: [] });
    expect(await guest('diff -r "/root/it\'s back/etc" /etc | cut -c 1-40; ls -a /root')).toContain(
      'hostname',
    );
    expect(await stagedBlobs()).toEqual([]);
  }, 120_000);

  it('are refused for a machine that does not run', async () => {
    await lab.admin.vms.stop(
      String(
        lab.admin.store
          .list({ type: 'Microsoft.Compute/virtualMachines' })
          .find(({ name }) => name === 'web-01')?.properties['vmId'],
      ),
      'deallocated',
      signal,
    );
    const plan = await desk.core.call('files.restorePlan', {
      sessionId: opened.sessionId,
      items: [place('/etc/hostname')],
      target: { kind: 'original' },
    });
    expect(plan.refusals).toEqual(['web-01 is not running: start it first.']);
    await expect(desk.core.call('files.restore', { planId: plan.id })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});
