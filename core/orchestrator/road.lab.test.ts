import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Lab, startLab } from '../../lab/start.ts';
import { LabConsole, labHost, temporaryDirectory, trustLab } from '../testing/index.ts';

let lab: Lab;
let console: LabConsole;
const directory = temporaryDirectory();

beforeAll(async () => {
  lab = await startLab({ estate: 'small' });
  trustLab(lab);
  console = new LabConsole(lab, labHost(lab, { dataDirectory: directory.path }));
});
afterAll(async () => {
  await console.core.close();
  await lab.close();
  directory.remove();
});

it('signs in and sees the estate', async () => {
  await console.signIn();
  const { vms } = await console.core.call('vm.list', {});
  expect(vms.map(({ name }) => name)).toEqual(['db-01', 'web-01']);
});

it('adds a repository', async () => {
  const id = await console.addRepository('one');
  expect(await console.core.call('repository.get', { repositoryId: id })).toMatchObject({ state: 'ready' });
});

it('backs up', async () => {
  const [repository] = await console.core.call('repository.list', {});
  const session = await console.backUp(await console.machine('web-01'), repository?.id ?? '');
  expect(session.result?.kind).toBe('backup');
});
