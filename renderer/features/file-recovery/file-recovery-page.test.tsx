import { createMemoryHistory } from '@tanstack/react-router';
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { createClient } from '../../api/index.ts';
import { App } from '../../app/app.tsx';
import { createConsoleRouter } from '../../app/router.tsx';
import { type Answers, createAnsweringCarrier } from '../../testing/answering-carrier.ts';
import { buildDownload, buildTakenItem } from '../../testing/built-data.ts';

// happy-dom's animations reject when they are cancelled; without them Fluent shows everything at once.
beforeAll(() => {
  Object.assign(Element.prototype, { animate: undefined });
  configure({ asyncUtilTimeout: 15_000 });
});
afterEach(cleanup);

function open(address: string, answers: Answers) {
  const carrier = createAnsweringCarrier({ 'files.opened': () => [], 'download.list': () => [], ...answers });
  const router = createConsoleRouter(createMemoryHistory({ initialEntries: [address] }));
  render(<App client={createClient(carrier)} router={router} />);
  return { carrier, router };
}

it('shows who took what, narrows it, and gives the hash of each file of a saved folder', {
  timeout: 60_000,
}, async () => {
  const { router, carrier } = open('/file-recovery', {
    'files.taken': () => [
      buildTakenItem('t1', { path: '/etc/passwd', by: 'ada' }),
      buildTakenItem('t2', { path: '/srv/books', by: 'grace', sha256: null }),
    ],
    'files.takenFiles': () => [{ path: 'books/a.txt', bytes: 3, sha256: 'ab'.repeat(32) }],
  });
  await screen.findByText('/etc/passwd');
  fireEvent.change(screen.getByRole('searchbox', { name: 'Filter the record' }), {
    target: { value: 'GRACE' },
  });
  await waitFor(() => expect(screen.queryByText('/etc/passwd')).toBeNull());
  expect(router.state.location.search).toEqual({ text: 'GRACE' });
  fireEvent.click(screen.getByRole('button', { name: 'Hashes of the files of /srv/books' }));
  await waitFor(() =>
    expect(carrier.calls.find(({ name }) => name === 'files.takenFiles')?.input).toMatchObject({
      takenId: 't2',
    }),
  );
});

it('follows a download to its end, with what was left out and what was renamed', {
  timeout: 60_000,
}, async () => {
  let download = buildDownload('d1', {
    title: 'nginx',
    state: 'running',
    endedAt: null,
    doneBytes: 0,
    sha256: null,
    form: { kind: 'folder' },
  });
  const { carrier } = open('/file-recovery', {
    'download.list': () => [download],
    'files.taken': () => [],
    'download.pause': () => ({}),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Pause nginx' }));
  await waitFor(() => expect(carrier.calls.some(({ name }) => name === 'download.pause')).toBe(true));
  download = {
    ...buildDownload('d1', { title: 'nginx' }),
    problems: [{ path: 'nginx/pipe', reason: 'A pipe has no content.' }],
    renamed: [{ from: 'nginx/a:b', to: 'nginx/a_b' }],
  };
  carrier.push({ type: 'changed', topic: 'download', id: 'd1' });
  await screen.findByText('Complete');
  screen.getByText('1 item was left out');
  screen.getByText('nginx/pipe: A pipe has no content.');
  screen.getByText('nginx/a:b → nginx/a_b');
  screen.getByText(`SHA-256 ${download.sha256}`);
  expect(screen.queryByRole('button', { name: /^Pause/ })).toBeNull();
});
