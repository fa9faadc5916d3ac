import { QueryObserver } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Answers, createAnsweringCarrier } from '../testing/answering-carrier.ts';
import { buildRepository, buildSession, buildSteps, buildVm, vmId } from '../testing/built-data.ts';
import { createClient } from './client.ts';
import { keepCacheLive } from './live-cache.ts';
import { createQueryClient } from './query-cache.ts';

const running = buildSession('session-1', {
  state: 'running',
  endedAt: null,
  result: null,
  steps: buildSteps(1),
});
const answers: Answers = {
  'repository.list': () => [buildRepository()],
  'session.get': () => running,
  'session.list': () => [running, buildSession('session-2')],
  'vm.get': () => ({ vm: buildVm('web-01'), points: [], network: [] }),
  'restore.places': () => [],
};

afterEach(() => vi.useRealTimers());

/** A console with these questions on screen. */
async function open(questions: readonly (readonly [keyof typeof answers, object])[]) {
  vi.useFakeTimers();
  const carrier = createAnsweringCarrier(answers);
  const client = createClient(carrier);
  const queries = createQueryClient();
  const onConnection = vi.fn();
  const end = keepCacheLive({ client, queries, gatherMilliseconds: 100, onConnection });
  for (const [name, input] of questions) {
    const queryFn = () => client.call(name, input as never);
    new QueryObserver(queries, { queryKey: [name, input], queryFn }).subscribe(() => {});
  }
  const settle = () => vi.advanceTimersByTimeAsync(150);
  await settle();
  carrier.calls.length = 0;
  return { carrier, queries, onConnection, end, settle, asked: () => carrier.calls.map(({ name }) => name) };
}

describe('a change told by core', () => {
  it('asks again what depends on its topic, and nothing else', async () => {
    const console = await open([
      ['repository.list', {}],
      ['session.list', { limit: 100 }],
      ['restore.places', { pointId: 'p' }],
    ]);
    console.carrier.push({ type: 'changed', topic: 'repository', id: 'repository-1' });
    await console.settle();
    expect(console.asked()).toEqual(['repository.list']);
  });

  it('leaves answers about another object of the topic alone', async () => {
    const console = await open([['session.get', { sessionId: 'session-1' }]]);
    console.carrier.push({ type: 'changed', topic: 'session', id: 'session-2' });
    await console.settle();
    expect(console.asked()).toEqual([]);
    console.carrier.push({ type: 'changed', topic: 'session', id: 'session-1' });
    await console.settle();
    expect(console.asked()).toEqual(['session.get']);
  });

  it('compares Azure resource ids without case', async () => {
    const console = await open([['vm.get', { resourceId: vmId('web-01') }]]);
    console.carrier.push({ type: 'changed', topic: 'vm', id: vmId('WEB-01').toUpperCase() });
    await console.settle();
    expect(console.asked()).toEqual(['vm.get']);
  });

  it('answers a storm of changes with one round of questions', async () => {
    const console = await open([['repository.list', {}]]);
    for (let index = 0; index < 50; index += 1) {
      console.carrier.push({ type: 'changed', topic: 'repository', id: `repository-${index}` });
    }
    await console.settle();
    expect(console.asked()).toEqual(['repository.list']);
  });
});

it('writes progress into every copy of its session without a question', async () => {
  const console = await open([
    ['session.get', { sessionId: 'session-1' }],
    ['session.list', { limit: 100 }],
  ]);
  const progress = { totalBytes: 100, doneBytes: 40, storedBytes: 10, bytesPerSecond: 5, secondsLeft: 12 };
  console.carrier.push({
    type: 'session.progress',
    sessionId: 'session-1',
    state: 'running',
    steps: buildSteps(3),
    progress,
  });
  await console.settle();
  expect(console.asked()).toEqual([]);
  const one = console.queries.getQueryData<typeof running>(['session.get', { sessionId: 'session-1' }]);
  const list = console.queries.getQueryData<(typeof running)[]>(['session.list', { limit: 100 }]);
  expect(one?.progress).toEqual(progress);
  expect(list?.map((session) => session.progress)).toEqual([progress, null]);
});

it('trusts nothing it remembers after the connection was lost', async () => {
  const console = await open([
    ['repository.list', {}],
    ['restore.places', { pointId: 'p' }],
  ]);
  console.carrier.connection('lost');
  await console.settle();
  expect(console.asked()).toEqual([]);
  console.carrier.connection('open');
  await console.settle();
  expect(console.asked().sort()).toEqual(['repository.list', 'restore.places']);
  expect(console.onConnection.mock.calls.flat()).toEqual(['open', 'lost', 'open']);
});
