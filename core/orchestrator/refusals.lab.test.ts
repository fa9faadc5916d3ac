import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../lab/start.ts';
import type { ErrorRecord, ProcedureInput } from '../contract/index.ts';
import {
  type LabConsole,
  LabPortal,
  labHost,
  type OpenLabConsole,
  openLabConsole,
  temporaryDirectory,
  trustLab,
} from '../testing/index.ts';

/** Bad input: each is refused with a clear message and a hint, and nothing is lost. */

let lab: Lab;
let portal: LabPortal;
let desk: OpenLabConsole;
let repositoryId: string;
const directories: ReturnType<typeof temporaryDirectory>[] = [];
const desks: OpenLabConsole[] = [];
const password = 'correct horse battery';

/** Another installation of Cairn, on another computer. */
function newDesk(): OpenLabConsole {
  const directory = temporaryDirectory();
  directories.push(directory);
  const made = openLabConsole(lab, labHost(lab, { dataDirectory: directory.path }));
  desks.push(made);
  return made;
}

beforeAll(async () => {
  lab = await startLab({ estate: 'full' });
  trustLab(lab);
  portal = new LabPortal(lab);
  desk = newDesk();
  await desk.signIn();
  repositoryId = await desk.addRepository('shop', { password });
});
afterAll(async () => {
  for (const each of desks) await each.core.close();
  await lab.close();
  for (const each of directories) each.remove();
});

function expectHelpful(error: ErrorRecord): void {
  expect(error.message).not.toBe('');
  expect(error.hint).not.toBe('');
  expect(JSON.stringify(error)).not.toMatch(/sig=|Bearer|correct horse|lab-operator-secret/);
}

async function errorOf(work: Promise<unknown>): Promise<ErrorRecord> {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (
    typeof thrown === 'object' &&
    thrown !== null &&
    'toRecord' in thrown &&
    typeof thrown.toRecord === 'function'
  ) {
    const record: ErrorRecord = thrown.toRecord();
    expectHelpful(record);
    return record;
  }
  throw new Error(`no AppError but ${String(thrown)}`);
}

async function addInput(
  at: LabConsole,
  folder: string,
  given: Partial<ProcedureInput<'repository.add'>> = {},
): Promise<ProcedureInput<'repository.add'>> {
  const accounts = await at.core.call('repository.storageAccounts', {});
  const account = accounts.find(({ name }) => name === 'contosobackupweu');
  return {
    name: folder,
    storageAccountId: account?.resourceId ?? '',
    container: 'backups',
    folder,
    mode: 'create',
    createContainer: true,
    encryption: { kind: 'password', password },
    ...given,
  };
}

async function addFails(at: LabConsole, input: ProcedureInput<'repository.add'>): Promise<ErrorRecord> {
  const { sessionId } = await at.core.call('repository.add', input);
  const error = await at.failed(sessionId);
  expectHelpful(error);
  return error;
}

describe('signing in', () => {
  const signIn = (change: { tenantId?: string; secret?: string; clientId?: string }) =>
    errorOf(
      desk.core.call('account.addServicePrincipal', {
        name: 'Wrong',
        tenantId: change.tenantId ?? lab.tenantId,
        clientId: change.clientId ?? lab.operator.clientId,
        credential: { kind: 'secret', secret: change.secret ?? lab.operator.clientSecret },
      }),
    );

  it('with a wrong tenant, secret or application is refused, and no account is made', async () => {
    expect(await signIn({ tenantId: '11111111-2222-4333-8444-555555555555' })).toMatchObject({
      code: 'sign-in-failed',
    });
    expect(await signIn({ secret: 'not the secret' })).toMatchObject({ code: 'sign-in-failed' });
    expect(await signIn({ clientId: '11111111-2222-4333-8444-555555555555' })).toMatchObject({
      code: 'sign-in-failed',
    });
    expect(await desk.core.call('account.list', {})).toHaveLength(1);
  });
});

describe('a repository', () => {
  it('is not opened with a wrong password, and is with the right one', async () => {
    const other = newDesk();
    await other.signIn();
    const encryption = { kind: 'password', password: 'not the password' } as const;
    const wrong = await addInput(other, 'shop', { mode: 'attach', encryption });
    expect((await addFails(other, wrong)).code).toBe('wrong-password');
    expect(await other.core.call('repository.list', {})).toEqual([]);
    const right = await addInput(other, 'shop', { mode: 'attach' });
    await other.succeeded((await other.core.call('repository.add', right)).sessionId);
    expect(await other.core.call('repository.list', {})).toMatchObject([
      { state: 'read-only', folder: 'shop' },
    ]);
  });

  it('is not made in a folder that holds something else, and nothing is written there', async () => {
    const folder = await portal.blobs('backups', 'holiday');
    await folder.put('photos/beach.jpg', Buffer.from('sand'));
    expect(await desk.core.call('repository.inspectFolder', await addInput(desk, 'holiday'))).toMatchObject({
      state: 'other-data',
    });
    const error = await addFails(desk, await addInput(desk, 'holiday'));
    expect(error).toMatchObject({ code: 'repository-foreign' });
    const names: string[] = [];
    for await (const { name } of folder.list('')) names.push(name);
    expect(names).toEqual(['photos/beach.jpg']);
  });

  it('of another installation is not created over, can be attached read-only, or taken over', async () => {
    const other = newDesk();
    await other.signIn();
    expect((await addFails(other, await addInput(other, 'shop'))).code).toBe('repository-owned');
    const attach = await addInput(other, 'shop', { mode: 'attach' });
    await other.succeeded((await other.core.call('repository.add', attach)).sessionId);
    const [attached] = await other.core.call('repository.list', {});
    const machine = await other.machine('web-01');
    const start = { resourceId: machine.resourceId, repositoryId: attached?.id ?? '' };
    expect((await errorOf(other.core.call('backup.start', start))).code).toBe('read-only');
    await other.core.call('repository.remove', { repositoryId: attached?.id ?? '' });
    const takeOver = await addInput(other, 'shop', { mode: 'take-over' });
    await other.succeeded((await other.core.call('repository.add', takeOver)).sessionId);
    expect(await other.core.call('repository.list', {})).toMatchObject([{ state: 'ready' }]);
  });

  it('that was taken over is read-only for its former owner from the next backup on', async () => {
    const { sessionId } = await desk.core.call('backup.start', {
      resourceId: (await desk.machine('web-01')).resourceId,
      repositoryId,
    });
    const error = await desk.failed(sessionId);
    expectHelpful(error);
    expect(error.code).toBe('repository-owned');
    expect(await desk.core.call('repository.get', { repositoryId })).toMatchObject({ state: 'read-only' });
    expect(desk.leftovers()).toEqual([]);
  });

  it('needs a container that exists, and a folder that is not here already', async () => {
    const missing = await addInput(desk, 'x', { container: 'no-such-container', createContainer: false });
    expect((await addFails(desk, missing)).code).toBe('not-found');
    const again = desk.core.call('repository.add', await addInput(desk, 'shop'));
    expect((await errorOf(again)).code).toBe('already-exists');
  });

  it('that is not there cannot be attached', async () => {
    const input = await addInput(desk, 'nothing-here', { mode: 'attach' });
    expect((await addFails(desk, input)).code).toBe('not-found');
  });
});

describe('missing permissions', () => {
  it('are named: blobs that may not be written, snapshots that may not be taken', async () => {
    const reader = newDesk();
    await reader.signIn(lab.reader);
    const denied = await addFails(reader, await addInput(reader, 'denied'));
    expect(denied.code).toBe('permission-denied');
    const accountId = await reader.signIn(lab.operator);
    const input = await addInput(reader, 'granted', { accountId });
    const { result } = await reader.succeeded((await reader.core.call('repository.add', input)).sessionId);
    const machine = await reader.machine('web-01');
    const { sessionId } = await reader.core.call('backup.start', {
      resourceId: machine.resourceId,
      repositoryId: result?.kind === 'repository' ? result.repositoryId : '',
    });
    const error = await reader.failed(sessionId);
    expectHelpful(error);
    expect(error).toMatchObject({
      code: 'permission-denied',
      details: { missingAction: 'Microsoft.Compute/snapshots/write' },
    });
    expect(error.message).toContain('Microsoft.Compute/snapshots/write');
    expect(reader.leftovers()).toEqual([]);
  });
});

describe('a machine', () => {
  it('without managed disks cannot be backed up, and the list says why', async () => {
    const machine = await desk.machine('legacy-erp-01');
    expect(machine.protection).toMatchObject({ state: 'not-supported' });
    expect(machine.protection.reason).toContain('managed disks');
    const start = { resourceId: machine.resourceId, repositoryId };
    expect((await errorOf(desk.core.call('backup.start', start))).code).toBe('not-supported');
  });
});
