import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resourceIdOf } from '../../azure/index.ts';
import { type FileService, openRemoteFiles } from '../../files/index.ts';
import type { ServiceCommand, WorkerEvent, WorkerNetwork } from './port.ts';
import {
  closeFleetLab,
  diskSize,
  fleet,
  lab,
  leftovers,
  openFleetLab,
  openIntents,
  place,
  readSas,
  requestOf,
  signal,
  snapshot,
} from './testing/fleet-lab.ts';

beforeAll(openFleetLab, 120_000);
afterAll(closeFleetLab);

type Serving = Extract<WorkerEvent, { type: 'serving' }>;

async function volumeKinds(files: FileService): Promise<readonly string[]> {
  const volumes = await files.volumes(signal);
  await files.close();
  return volumes.map(({ kind }) => kind);
}

function serve(sessionId: string, sources: readonly string[], network: WorkerNetwork | null = null) {
  const serviceToken = randomBytes(32).toString('base64url');
  const commands: ServiceCommand[] = [];
  const { promise, resolve } = Promise.withResolvers<Serving>();
  const request = requestOf({
    sessionId,
    purpose: 'files',
    task: {
      kind: 'file-recovery',
      source: { kind: 'snapshots', disks: [{ index: 0, name: 'served', sizeBytes: diskSize }] },
      port: 8443,
      idleMs: 2000,
    },
    disks: async () => [],
    onEvent: (event) => event.type === 'serving' && resolve(event),
  });
  const result = fleet().run(
    {
      ...request,
      network,
      service: { port: 8443, sources, commands },
      secrets: async () => ({
        repositoryUrl: null,
        dataKey: null,
        disks: [{ index: 0, url: await readSas('served'), previousUrl: null }],
        serviceToken,
      }),
    },
    signal,
  );
  result.catch(() => undefined);
  return { serviceToken, commands, serving: promise, result };
}

function clientOf({ address, port, fingerprint }: Serving, token: string): FileService {
  return openRemoteFiles({ address: { host: address, port, fingerprint }, token, retryDelayMs: 1 });
}

test('serves to the holder of the token, until nobody has used it for its idle time', async () => {
  await snapshot('served');
  const run = serve('s-serving', []);
  const serving = await run.serving;
  expect(await volumeKinds(clientOf(serving, run.serviceToken))).toHaveLength(1);
  const stranger = clientOf(serving, randomBytes(32).toString('base64url'));
  await expect(volumeKinds(stranger)).rejects.toMatchObject({ code: 'not-signed-in' });
  const impostor = clientOf({ ...serving, fingerprint: '0'.repeat(64) }, run.serviceToken);
  await expect(volumeKinds(impostor)).rejects.toMatchObject({ code: 'sign-in-failed' });
  run.commands.push({ type: 'extend', idleMs: 1000 });
  expect(await run.result).toMatchObject({ kind: 'file-recovery', reason: 'idle', requests: 1 });
  expect(run.commands).toEqual([]);
  expect(await leftovers()).toEqual([]);
  expect(openIntents()).toEqual([]);
});

test('is closed to addresses that may not connect', async () => {
  const run = serve('s-closed', ['203.0.113.7/32']);
  const serving = await run.serving;
  expect(lab.vms.running()).toHaveLength(1);
  await expect(volumeKinds(clientOf(serving, run.serviceToken))).rejects.toMatchObject({
    code: 'unreachable',
  });
  expect(await run.result).toMatchObject({ reason: 'idle', requests: 0 });
  expect(await leftovers()).toEqual([]);
});

test('in a network of the customer without public addresses it is reached at its private one', async () => {
  const subnetId = `${resourceIdOf('network', place, 'net')}/subnets/default`;
  const run = serve('s-private', [], { subnetId, securityGroupId: null, publicIp: false });
  expect((await run.serving).address).toMatch(/^10\.0\.0\.\d+$/);
  expect(await run.result).toMatchObject({ reason: 'idle' });
  expect(await leftovers()).toEqual([]);
});
