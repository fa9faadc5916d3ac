import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blobStoreConformance } from '../engine/testing/blob-store-conformance.ts';
import {
  createContainer,
  createContainerSas,
  createQueue,
  createQueueSas,
  deleteQueue,
  fixedSas,
  listContainers,
  listQueues,
  listStorageAccounts,
  openBlobStore,
  openBlobStoreBySas,
  openQueue,
  openQueueBySas,
  proveContainerRights,
  type StorageAccountInfo,
} from './index.ts';
import { openSmallLab, type SmallLab, smallEstateNames } from './testing/small-lab.ts';

const { subscriptionId } = smallEstateNames;
const signal = new AbortController().signal;

let lab: SmallLab;
let counter = 0;

beforeAll(async () => {
  lab = await openSmallLab();
});
afterAll(async () => {
  await lab.close();
  expect(lab.defects).toEqual([]);
});

async function repositoryAccount(): Promise<StorageAccountInfo> {
  const [account] = await listStorageAccounts(lab.connection(), subscriptionId, signal);
  if (!account) throw new Error('the estate has a storage account');
  return account;
}

describe('storage', () => {
  test('containers are made, listed, proven and refused', async () => {
    const connection = lab.connection();
    const account = await repositoryAccount();
    await createContainer(connection, account, 'proof', signal);
    await createContainer(connection, account, 'proof', signal);
    expect(await listContainers(connection, account, signal)).toContain('proof');
    const folder = { account, container: 'proof', folder: 'a/b' };
    await proveContainerRights(connection, folder, signal);
    await expect(proveContainerRights(lab.connection('reader'), folder, signal)).rejects.toMatchObject({
      code: 'permission-denied',
      hint: expect.stringContaining('Storage Blob Data Contributor'),
    });
  });

  test('a SAS that may only add refuses to overwrite and to delete', async () => {
    const connection = lab.connection();
    const account = await repositoryAccount();
    await createContainer(connection, account, 'sas', signal);
    const { sas } = await createContainerSas(
      connection,
      { account, container: 'sas', access: 'append', durationSeconds: 600 },
      signal,
    );
    const store = openBlobStoreBySas({ source: fixedSas(sas), folder: 'f' });
    await store.put('x', Buffer.from('one'));
    await expect(store.put('x', Buffer.from('two'))).rejects.toMatchObject({ code: 'already-exists' });
    await expect(store.delete('x')).rejects.toMatchObject({ code: 'permission-denied' });
  });

  test('messages go through a queue one way each', async () => {
    const connection = lab.connection();
    const account = await repositoryAccount();
    const name = 'cairn-test-in';
    await createQueue(connection, { account, name }, signal);
    expect(await listQueues(connection, { account, prefix: 'cairn-' }, signal)).toEqual([name]);
    const sas = async (access: 'send' | 'receive') =>
      (await createQueueSas(connection, { account, name, access, durationSeconds: 600 }, signal)).sas;
    const receiver = openQueueBySas(fixedSas(await sas('receive')));
    const sender = openQueueBySas(fixedSas(await sas('send')));
    await openQueue(connection, { account, name }).send('from core <&"ü>', signal);
    await sender.send('from worker', signal);
    await expect(receiver.send('x', signal)).rejects.toMatchObject({ code: 'permission-denied' });
    const messages = await receiver.receive({ max: 32, hiddenSeconds: 30 }, signal);
    expect(messages.map(({ text }) => text).sort()).toEqual(['from core <&"ü>', 'from worker']);
    for (const message of messages) {
      await receiver.remove(message, signal);
      await receiver.remove(message, signal);
    }
    await deleteQueue(connection, { account, name }, signal);
    await deleteQueue(connection, { account, name }, signal);
  });
});

describe('the engine’s store over Azure Blob', () => {
  blobStoreConformance(async () => {
    const account = await repositoryAccount();
    const connection = lab.connection();
    await createContainer(connection, account, 'conformance', signal);
    counter += 1;
    return openBlobStore(connection, { account, container: 'conformance', folder: `run-${counter}` });
  });
});
