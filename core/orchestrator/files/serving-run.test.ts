import { expect, test } from 'vitest';
import type { SharedItemMessage } from '../../contract/index.ts';
import { AppError } from '../../contract/index.ts';
import { detachReason, type WorkerEvent, type WorkerFleet } from '../workers/index.ts';
import type { RoadRequest, SharedItem } from './road.ts';
import { type ServingRun, startServing } from './serving-run.ts';

const never = new AbortController().signal;
const where = { address: '203.0.113.9', port: 8443, fingerprint: 'f'.repeat(64) };
type ServingWorker = Parameters<typeof startServing>[1];

interface Stage {
  readonly run: ServingRun;
  readonly said: string[];
  readonly taken: SharedItem[];
  readonly removed: () => number;
  tell(event: WorkerEvent): void;
  finish(): void;
  fail(error: AppError): void;
}

/** A run whose fleet does what the test says. */
function stage(): Stage {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<WorkerFleet['run']>>>();
  let tell = (_event: WorkerEvent): void => undefined;
  let removals = 0;
  const fleet: WorkerFleet = {
    run(request, signal) {
      tell = request.onEvent;
      signal.addEventListener('abort', () =>
        reject(new AppError('cancelled', { message: String(signal.reason === detachReason) })),
      );
      return promise;
    },
    async removeWorkers() {
      removals += 1;
    },
  };
  const said: string[] = [];
  const taken: SharedItem[] = [];
  const session = {
    onActivity: (text: string) => said.push(text),
    onLog: (_level: string, text: string) => said.push(text),
    onTaken: (item: SharedItem) => taken.push(item),
  } as unknown as RoadRequest;
  return {
    run: startServing(fleet, {} as ServingWorker, session),
    said,
    taken,
    removed: () => removals,
    tell: (event) => tell(event),
    finish: () => resolve({ kind: 'file-recovery', reason: 'idle', requests: 0, sentBytes: 0 }),
    fail: reject,
  };
}

test('who waits for a worker waits over the ones that are lost before they serve', async () => {
  const { run, tell } = stage();
  const waiting = run.serving(never);
  tell({ type: 'lost', reason: 'It never spoke.' });
  tell({ type: 'serving', ...where });
  expect(await waiting).toMatchObject(where);
});

test('a worker that is lost says so, drops what was to be said to it, and the next one comes', async () => {
  const { run, tell } = stage();
  tell({ type: 'serving', ...where });
  const first = await run.serving(never);
  run.commands.push({ type: 'unshare', share: 'x' });
  tell({ type: 'lost', reason: 'Its machine is gone.' });
  expect(first.lost.reason).toMatchObject({ code: 'worker-lost', retryable: true });
  expect(run.commands).toEqual([]);
  const next = run.serving(never);
  tell({ type: 'serving', ...where, address: '203.0.113.10' });
  expect(await next).toMatchObject({ address: '203.0.113.10' });
  expect((await next).lost.aborted).toBe(false);
});

test('an error ends it for who uses it, who waits, and who comes later', async () => {
  const { run, tell, fail } = stage();
  tell({ type: 'serving', ...where });
  const serving = await run.serving(never);
  fail(new AppError('snapshot-missing', { message: 'gone' }));
  await expect.poll(() => serving.lost.aborted).toBe(true);
  expect(serving.lost.reason).toMatchObject({ code: 'snapshot-missing' });
  expect(run.over).toBe(true);
  await expect(run.serving(never)).rejects.toMatchObject({ code: 'snapshot-missing' });
});

test('a worker that ended by itself is forgotten, so that there can be another', async () => {
  const { run, finish, removed } = stage();
  const waiting = run.serving(never);
  finish();
  await expect(waiting).rejects.toMatchObject({ code: 'worker-lost', retryable: true });
  expect([run.over, removed()]).toEqual([true, 1]);
});

test('waiting can be given up, and the worker be left alone', async () => {
  const { run, removed } = stage();
  const abort = new AbortController();
  const waiting = run.serving(abort.signal);
  abort.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  await run.detach();
  await expect(run.serving(never)).rejects.toMatchObject({ code: 'cancelled', message: 'true' });
  expect(removed()).toBe(0);
});

test('what it says goes to the session of now', () => {
  const { tell, said, taken } = stage();
  const item: SharedItemMessage = {
    share: 'abcdefgh-1234',
    time: '2026-01-01T00:00:00Z',
    volumeId: 'v',
    path: '/x',
    target: '198.51.100.1',
    files: 1,
    bytes: 2,
    sha256: null,
    outcome: 'partial',
  };
  tell({ type: 'phase', phase: 'booting' });
  tell({ type: 'log', level: 'warning', text: 'careful', details: {} });
  tell({ type: 'taken', item });
  expect(said).toEqual(['The worker is booting.', 'careful']);
  expect(taken).toEqual([
    {
      volumeId: 'v',
      path: '/x',
      target: '198.51.100.1',
      files: 1,
      bytes: 2,
      sha256: null,
      outcome: 'partial',
      by: 'link abcdefgh',
    },
  ]);
});
