import { createHash, randomBytes, type X509Certificate } from 'node:crypto';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../../lab/start.ts';
import { buildWorkerPackage } from '../../../scripts/build-worker.ts';
import type { FileRecovery, ProcedureInput, RestorePoint, WorkerPackage } from '../../index.ts';
import {
  type KillableCore,
  LabConsole,
  labTuning,
  openKillableCore,
  temporaryDirectory,
  trustLab,
} from '../../testing/index.ts';
import { makeExtImage, opened } from './testing/recovery-desk.ts';

/** File recovery through a worker in the lab: a real process behind a real port that security groups guard. */

const directory = temporaryDirectory();
const downloads = temporaryDirectory();
const large = randomBytes(5 * 1024 * 1024);
const passwd = 'root:x:0:0:root:/root:/bin/bash\n'.repeat(20);
let lab: Lab;
let core: KillableCore;
let desk: LabConsole;
let point: RestorePoint;
let workerPackage: WorkerPackage;

beforeAll(async () => {
  lab = await startLab({ estate: 'small' });
  trustLab(lab);
  workerPackage = await buildWorkerPackage();
  await startCore();
  await desk.signIn();
  const repositoryId = await desk.addRepository('served');
  const image = join(directory.path, 'served.img');
  const tree = { 'etc/passwd': passwd, 'srv/large.bin': large, 'srv/a/b.txt': 'b', 'home/ann/x': 'private' };
  makeExtImage(image, tree, 64);
  await lab.admin.addVmFromImage(image, 'served-01');
  await desk.sync();
  const session = await desk.backUp(await desk.machine('served-01'), repositoryId);
  const pointId = session.result?.kind === 'backup' ? session.result.pointId : '';
  point = await desk.core.call('point.get', { pointId });
});
afterAll(async () => {
  await core.kill();
  expect(lab.defects).toEqual([]);
  await lab.close();
  directory.remove();
  downloads.remove();
});

async function startCore(): Promise<void> {
  const workers = { ...labTuning.workers, workerSilenceMs: 5000 };
  const tuning = { ...labTuning, workers };
  core = await openKillableCore({ lab, dataDirectory: directory.path, workerPackage, tuning });
  desk = new LabConsole(lab, core);
}

async function open(more: Partial<ProcedureInput<'files.open'>> = {}): Promise<FileRecovery> {
  const { sessionId } = await desk.core.call('files.open', { pointId: point.id, road: 'worker', ...more });
  return opened(desk, sessionId);
}

const place = (recovery: FileRecovery, path: string) => ({
  sessionId: recovery.sessionId,
  volumeId: recovery.volumes?.[0]?.id ?? '',
  path,
});

async function namesIn(recovery: FileRecovery, path: string): Promise<readonly string[]> {
  const { entries } = await desk.core.call('files.list', place(recovery, path));
  return entries.map(({ name }) => name);
}

/** Saves a file through core; its hash as core reports it. */
async function download(recovery: FileRecovery, path: string): Promise<string | null> {
  const { sessionId, ...item } = place(recovery, path);
  const target = join(downloads.path, randomBytes(4).toString('hex'));
  const { downloadId } = await desk.core.call('download.start', {
    sessionId,
    items: [item],
    form: { kind: 'file' },
    target: { kind: 'path', path: target },
  });
  for (;;) {
    const state = await desk.core.call('download.get', { downloadId });
    if (state.error) throw new Error(state.error.message);
    if (state.state === 'done') return state.sha256;
    await wait(50);
  }
}

async function close(recovery: FileRecovery): Promise<void> {
  await desk.core.call('files.close', { sessionId: recovery.sessionId });
  await desk.ended(recovery.sessionId);
}

const lasting = ['worker-group', 'worker-storage', 'worker-network'];
/** What is in Azure that belongs to a worker. */
function workerThings(): string[] {
  const all = lab.admin.leftovers().filter(({ tags }) => (tags['cairn-kind'] ?? '').startsWith('worker-'));
  return all
    .map(({ tags }) => tags['cairn-kind'] ?? '')
    .filter((kind) => !lasting.includes(kind))
    .sort();
}

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

interface Page {
  readonly status: number;
  readonly body: Buffer;
  readonly cookie: string;
  readonly fingerprint: string;
}

/** As a colleague's browser, which accepted the certificate. */
function browse(
  address: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Page> {
  const { hostname, port } = new URL(address);
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const options = {
      hostname,
      port,
      path,
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...json, ...headers },
      rejectUnauthorized: false,
      agent: false,
    } as const;
    const request = httpsRequest(options, (response) => {
      const pieces: Buffer[] = [];
      const socket = response.socket as unknown as { getPeerX509Certificate(): X509Certificate };
      const fingerprint = socket.getPeerX509Certificate().fingerprint256.replaceAll(':', '').toLowerCase();
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(pieces),
          cookie: (response.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '',
          fingerprint,
        }),
      );
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function accepts(address: string): Promise<boolean> {
  const [host = '', port = ''] = address.split(':');
  return new Promise<boolean>((resolve) => {
    const socket = connectTcp(Number(port), host);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

describe.each(['repository', 'snapshot'] as const)('a point served from its %s', (source) => {
  let recovery: FileRecovery;
  beforeAll(async () => {
    recovery = await open({ source });
  });

  it('shows and gives out the same files', async () => {
    expect(recovery).toMatchObject({ state: 'open', road: 'worker', source });
    expect(recovery.worker?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(recovery.volumes).toMatchObject([{ kindName: 'EXT4', readable: true }]);
    expect(await namesIn(recovery, '/srv')).toEqual(['a', 'large.bin']);
    expect(await download(recovery, '/srv/large.bin')).toBe(sha256(large));
    expect(await download(recovery, '/etc/passwd')).toBe(sha256(passwd));
    await expect(desk.core.call('files.details', place(recovery, '/nope'))).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(workerThings()).toEqual(['worker-ip', 'worker-nic', 'worker-nsg', 'worker-vm']);
  });

  it('leaves nothing when it is closed', async () => {
    const address = recovery.worker?.address ?? '';
    expect(await accepts(address)).toBe(true);
    await close(recovery);
    expect(workerThings()).toEqual([]);
    expect(await accepts(address)).toBe(false);
  });
});

describe('links for colleagues', () => {
  it('open their folder to a browser, are recorded, and end when they are revoked', async () => {
    const recovery = await open();
    const { sessionId, ...scope } = place(recovery, '/srv');
    const share = await desk.core.call('files.share', { sessionId, minutes: 10, scope });
    const address = share.address ?? '';
    const secret = new URL(address).hash.slice(1);
    const page = await browse(address, '/share');
    expect(page.status).toBe(200);
    expect(page.fingerprint).toBe(share.fingerprint);
    const enter = () => browse(address, '/share/enter', { authorization: `Bearer ${secret}` }, {});
    await expect.poll(async () => (await enter()).status, { timeout: 5000 }).toBe(200);
    const { cookie } = await enter();
    const content = (path: string) =>
      browse(address, `/share/content?${new URLSearchParams({ volumeId: scope.volumeId, path })}`, {
        cookie,
      });
    expect((await content('/srv/large.bin')).body.equals(large)).toBe(true);
    expect((await content('/etc/passwd')).status).toBe(404);
    const shown = await desk.core.call('files.get', { sessionId });
    expect(shown.shares).toMatchObject([{ id: share.id, address: null, scope }]);
    await expect
      .poll(() => desk.core.call('files.taken', { sessionId }), { timeout: 10_000 })
      .toMatchObject([{ way: 'shared', path: '/srv/large.bin', sha256: sha256(large), outcome: 'done' }]);
    await desk.core.call('files.unshare', { sessionId, shareId: share.id });
    await expect
      .poll(async () => (await content('/srv/a/b.txt').catch(() => null))?.status, { timeout: 5000 })
      .toBe(401);
    await close(recovery);
  });
});

describe('bad days', () => {
  it('a worker that dies while it is used is replaced, and the session goes on', async () => {
    const recovery = await open();
    const first = recovery.worker;
    for (const vm of lab.admin.vms.running())
      await lab.admin.vms.stop(vm, 'stopped', AbortSignal.timeout(10_000));
    const again = async () => (await desk.core.call('files.get', { sessionId: recovery.sessionId })).worker;
    await expect
      .poll(async () => (await again())?.fingerprint ?? first?.fingerprint, { timeout: 60_000 })
      .not.toBe(first?.fingerprint);
    const now = await opened(desk, recovery.sessionId);
    expect(await download(now, '/srv/large.bin')).toBe(sha256(large));
    await close(now);
    expect(workerThings()).toEqual([]);
  });

  it('a core that dies takes the worker up again, with another token', async () => {
    const recovery = await open();
    await core.kill();
    await startCore();
    const now = await opened(desk, recovery.sessionId);
    expect(now.worker).toEqual(recovery.worker);
    expect(await download(now, '/srv/large.bin')).toBe(sha256(large));
    await close(now);
    expect(workerThings()).toEqual([]);
  });

  it('a backup beside it goes through, and takes away the snapshots that were being read', async () => {
    const recovery = await open({ source: 'snapshot' });
    await desk.backUp(await desk.machine('served-01'), point.repositoryId ?? '');
    await download(recovery, '/srv/large.bin').catch(() => undefined);
    const session = await desk.ended(recovery.sessionId);
    expect(session).toMatchObject({ state: 'failed', error: { code: 'snapshot-missing' } });
    expect(workerThings()).toEqual([]);
  });

  it('a session that nobody uses closes itself and leaves nothing', async () => {
    const recovery = await open({ idleMinutes: 1 });
    const session = await desk.ended(recovery.sessionId, 120_000);
    expect(session.state).toBe('succeeded');
    expect(workerThings()).toEqual([]);
  });
});
