import { createMemoryHistory } from '@tanstack/react-router';
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../api/index.ts';
import { App } from '../../app/app.tsx';
import { createConsoleRouter } from '../../app/router.tsx';
import { type Answers, createAnsweringCarrier } from '../../testing/answering-carrier.ts';
import { buildFileRecovery, buildPoint } from '../../testing/built-data.ts';
import { fileRecoveryAnswers } from '../../testing/play-file-recovery.ts';
import { playVolumes } from '../../testing/play-volumes.ts';

// happy-dom has no layout: every list gets room for some lines, and animations end at once.
beforeAll(() => {
  Object.assign(Element.prototype, { animate: undefined });
  Object.defineProperties(HTMLElement.prototype, {
    offsetHeight: { configurable: true, get: () => 640 },
    offsetWidth: { configurable: true, get: () => 900 },
    clientHeight: { configurable: true, get: () => 640 },
  });
});
beforeAll(() => configure({ asyncUtilTimeout: 15_000 }));
afterEach(cleanup);

function open(address: string, answers: Answers = {}) {
  const carrier = createAnsweringCarrier({
    'app.info': () => ({
      version: '1',
      installationId: 'i',
      cloud: 'Azure',
      downloadsFolder: '/home/ada/Downloads',
    }),
    'overview.get': () => {
      throw new Error('not asked about');
    },
    'point.get': () => buildPoint('point-3'),
    'download.list': () => [],
    ...fileRecoveryAnswers({ points: () => [buildPoint('point-3')], carrier: () => carrier }),
    ...answers,
  });
  const router = createConsoleRouter(createMemoryHistory({ initialEntries: [address] }));
  render(<App client={createClient(carrier)} router={router} />);
  const listed = () => carrier.calls.filter(({ name }) => name === 'files.list').map(({ input }) => input);
  return { carrier, router, listed };
}

const etc = '/files/files-1?volume=disk0-part1&path=%2Fetc';
const grid = () => screen.findByRole('grid');
const line = async (name: string) => within(await grid()).findByText(name);
const press = async (key: string, more: object = {}) => fireEvent.keyDown(await grid(), { key, ...more });
const selected = () => screen.getAllByRole('row', { selected: true }).map(({ textContent }) => textContent);

describe('the explorer', { timeout: 60_000 }, () => {
  it('selects by keys as a file manager does, and says how much', async () => {
    open(etc);
    await line('nginx');
    await press('ArrowDown');
    await press('ArrowDown', { shiftKey: true });
    await press('ArrowDown', { ctrlKey: true });
    await press('ArrowDown', { ctrlKey: true });
    await press(' ');
    expect(selected()).toHaveLength(3);
    await screen.findByText('3 of 22 items selected, 0 B in 0 files');
    await press('a', { ctrlKey: true });
    await screen.findByText('22 of 22 items selected');
    await press('Escape');
    await screen.findByText('22 items');
  });

  it('opens a folder by Enter, goes up again, and finds the folder it came from', async () => {
    const { router } = open(etc);
    await line('nginx');
    for (let presses = 0; presses < 5; presses += 1) await press('ArrowDown');
    await press('Enter');
    await line('nginx.conf');
    expect(router.state.location.search).toEqual({ volume: 'disk0-part1', path: '/etc/nginx' });
    fireEvent.keyDown(await grid(), { key: 'ArrowUp', altKey: true });
    await line('passwd');
    await waitFor(() => expect(selected().join()).toContain('nginx'));
    expect(router.state.location.search).toMatchObject({ path: '/etc', select: '/etc/nginx' });
  });

  it('counts what selected folders hold, and says that it is counting', async () => {
    open(etc);
    await line('nginx');
    for (let presses = 0; presses < 5; presses += 1) await press('ArrowDown');
    await screen.findByText(/^, counting… \d+ B in 2 files$/);
    await screen.findByText(/^1 of 22 items selected, \d+ B in 2 files$/);
  });

  it('asks only for the pages that are in sight of a huge folder', async () => {
    const { listed } = open('/files/files-1?volume=vg-data&path=%2Fmeasurements');
    await line('sensor-00000.csv');
    await screen.findByText('20,000 items');
    const pages = listed().filter((input) => Reflect.get(Object(input), 'path') === '/measurements');
    expect(pages).toEqual([expect.objectContaining({ offset: 0, limit: 200 })]);
    await press('a', { ctrlKey: true });
    await screen.findByText('20,000 of 20,000 items selected');
    expect(listed().filter((input) => Reflect.get(Object(input), 'path') === '/measurements')).toHaveLength(
      1,
    );
  });

  it('goes to a path as the guest writes it, and says when it is not there', async () => {
    const { router } = open(etc);
    await line('nginx');
    const typePath = async (text: string) => {
      fireEvent.keyDown(window, { key: 'l', ctrlKey: true });
      const field = await screen.findByRole('textbox', { name: 'Path' });
      fireEvent.change(field, { target: { value: text } });
      fireEvent.keyDown(field, { key: 'Enter' });
    };
    await typePath('C:\\Users\\Ada\\Nothing');
    await screen.findByText(/There is no \/Users\/Ada\/Nothing/);
    await typePath('C:\\Users\\Ada\\Documents\\Minutes.txt');
    await line('Budget 2026.xlsx');
    await waitFor(() => expect(selected().join()).toContain('Minutes.txt'));
    expect(router.state.location.search).toMatchObject({ volume: 'disk2-part1' });
  });

  it('shows what cannot be read with its reason and never as something to open', async () => {
    open(etc);
    const volumes = await screen.findByRole('navigation', { name: 'Volumes' });
    within(volumes).getByText(/Encrypted with BitLocker/);
    within(volumes).getByText('The superblock and all of its copies fail their checksums.');
    expect(within(volumes).queryByRole('button', { name: /BitLocker/ })).toBeNull();
    expect(within(volumes).queryByText('vg0/swap')).toBeNull();
    fireEvent.click(within(volumes).getByRole('switch', { name: 'Show all (2 without files)' }));
    within(volumes).getByText('vg0/swap');
  });

  it('searches while volumes are being read, and leads to where a file lies', async () => {
    const { router } = open(`${etc}&find=minutes&within=all`);
    await line('Minutes.txt');
    await screen.findByText(/1 found, still reading/);
    await press('Home');
    await press('Enter');
    await line('Budget 2026.xlsx');
    expect(router.state.location.search).toMatchObject({ path: '/Users/Ada/Documents' });
  });

  it('downloads what is selected, to a file of this computer when nothing can be streamed', async () => {
    const { carrier } = open(etc, { 'download.start': () => ({ downloadId: 'd', fileName: 'etc.zip' }) });
    await line('nginx');
    await press('Home');
    await press('End', { shiftKey: true });
    fireEvent.click(screen.getByRole('button', { name: 'Download' }));
    await screen.findByText('Download 22 items');
    fireEvent.click(screen.getByRole('radio', { name: /^A tar archive/, hidden: true }));
    const buttons = screen.getAllByRole('button', { name: 'Download', hidden: true });
    fireEvent.click(buttons.at(-1) as HTMLElement);
    await waitFor(() => expect(carrier.calls.some(({ name }) => name === 'download.start')).toBe(true));
    expect(carrier.calls.find(({ name }) => name === 'download.start')?.input).toMatchObject({
      sessionId: 'files-1',
      form: { kind: 'archive', format: 'tar' },
      target: {
        kind: 'path',
        path: expect.stringMatching(/^\/home\/ada\/Downloads\/web-01 .*\.tar$/),
        replace: false,
      },
    });
  });

  it('says that a session is closed as soon as it is, and offers to open the point again', async () => {
    let recovery = buildFileRecovery('files-1', { volumes: [...playVolumes] });
    const { carrier } = open(etc, { 'files.get': () => recovery });
    await line('nginx');
    recovery = { ...recovery, state: 'closed', volumes: null, closesAt: null };
    carrier.push({ type: 'changed', topic: 'file-recovery', id: 'files-1' });
    await screen.findByText('This session is closed');
    screen.getByRole('button', { name: 'Open again' });
  });

  it('says what a restore to the machine lacks, and offers the download instead', async () => {
    open(etc);
    await line('nginx');
    fireEvent.click(screen.getByRole('button', { name: 'Restore to the machine' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Review', hidden: true }));
    await screen.findByText('Putting files back into the machine is not possible yet.');
    screen.getByRole('button', { name: 'Download instead', hidden: true });
  });
});
