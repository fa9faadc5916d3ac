import { createMemoryHistory } from '@tanstack/react-router';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Overview, Session } from '../../core/contract/index.ts';
import { createClient } from '../api/index.ts';
import { type Answers, createAnsweringCarrier } from '../testing/answering-carrier.ts';
import {
  buildPoint,
  buildRepository,
  buildSession,
  buildSteps,
  buildVm,
  vmId,
} from '../testing/built-data.ts';
import { App } from './app.tsx';
import { createConsoleRouter } from './router.tsx';

// happy-dom's animations reject when they are cancelled; without them Fluent shows everything at once.
beforeAll(() => Object.assign(Element.prototype, { animate: undefined }));
afterEach(cleanup);

const nothing: Overview = {
  vms: { total: 0, protected: 0, unprotected: 0, notSupported: 0 },
  accounts: 0,
  repositories: 0,
  points: 0,
  protectedBytes: 0,
  storedBytes: 0,
  runningSessions: [],
  recentSessions: [],
  syncedAt: null,
};

function open(path: string, answers: Answers) {
  const carrier = createAnsweringCarrier({
    'app.info': () => ({ version: '1', installationId: 'i', cloud: 'AzureCloud', downloadsFolder: null }),
    'overview.get': () => nothing,
    ...answers,
  });
  const router = createConsoleRouter(createMemoryHistory({ initialEntries: [path] }));
  render(<App client={createClient(carrier)} router={router} />);
  return { carrier, router };
}

const find = (role: string, name: string | RegExp) => screen.findByRole(role, { name }, { timeout: 15_000 });
/** Without layout, Fluent cannot tell where the focus is and may mark an open dialog as hidden. */
const findInDialog = (role: string, name: string | RegExp) =>
  screen.findByRole(role, { name, hidden: true }, { timeout: 15_000 });

describe('the console', { timeout: 60_000 }, () => {
  it('leads a new installation to its first account', async () => {
    const { router } = open('/', {});
    fireEvent.click(await find('button', 'Add account'));
    await waitFor(() => expect(router.state.location.pathname).toBe('/accounts/add'));
  });

  it('backs up a machine into the chosen repository and shows the session as it runs', async () => {
    let session: Session | null = null;
    const { carrier } = open(`/virtual-machines/id${vmId('web-01')}`, {
      'vm.get': () => {
        const vm = buildVm('web-01');
        const protection = { ...vm.protection, runningSessionId: session?.id ?? null };
        return { vm: { ...vm, protection }, points: [buildPoint('point-1')], network: [] };
      },
      'repository.list': () => [buildRepository(), buildRepository({ id: 'repository-2', name: 'Second' })],
      'backup.start': () => {
        session = buildSession('session-9', {
          state: 'running',
          endedAt: null,
          result: null,
          steps: buildSteps(3),
        });
        return { sessionId: session.id };
      },
      'session.get': () => session ?? buildSession('none'),
      'session.list': () => [],
    });
    fireEvent.click(await find('button', 'Back up now'));
    fireEvent.click(await findInDialog('radio', /^Second/));
    fireEvent.click(await findInDialog('button', 'Back up'));
    await findInDialog('progressbar', 'Progress of Back up web-01');
    expect(carrier.calls.find(({ name }) => name === 'backup.start')?.input).toEqual({
      resourceId: vmId('web-01'),
      repositoryId: 'repository-2',
    });

    const progress = {
      totalBytes: 2048,
      doneBytes: 1024,
      storedBytes: 512,
      bytesPerSecond: 256,
      secondsLeft: 4,
    };
    carrier.push({
      type: 'session.progress',
      sessionId: 'session-9',
      state: 'running',
      steps: buildSteps(3),
      progress,
    });
    await screen.findByText('1 KiB of 2 KiB');
    expect(screen.getByText('4 s left')).toBeTruthy();
  });

  it('says why a machine cannot be backed up instead of trying', async () => {
    const vm = buildVm('legacy');
    const protection = {
      ...vm.protection,
      state: 'not-supported' as const,
      reason: 'It has unmanaged disks.',
    };
    const { carrier } = open(`/virtual-machines/id${vm.resourceId}`, {
      'vm.get': () => ({ vm: { ...vm, protection }, points: [], network: [] }),
      'session.list': () => [],
    });
    const button = await find('button', 'Back up now');
    expect(button.getAttribute('aria-disabled')).toBe('true');
    expect(screen.getAllByText('It has unmanaged disks.').length).toBeGreaterThan(0);
    fireEvent.click(button);
    expect(carrier.calls.some(({ name }) => name === 'repository.list')).toBe(false);
  });

  it('shows what failed and what to do, and tries again when asked', async () => {
    let broken = true;
    open('/repositories', {
      'repository.list': () => {
        if (broken) throw new TypeError('broken');
        return [buildRepository()];
      },
    });
    await screen.findByText('The repositories could not be read', {}, { timeout: 15_000 });
    broken = false;
    fireEvent.click(await find('button', 'Try again'));
    await find('link', 'Backups West Europe');
  });
});
