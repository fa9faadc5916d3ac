import { afterEach, expect, it, vi } from 'vitest';
import { createClient } from './client.ts';
import { createHttpCarrier } from './http-carrier.ts';

afterEach(() => vi.useRealTimers());

class Stream extends EventTarget {
  static readonly CLOSED = 2;
  static readonly opened: Stream[] = [];
  readyState = 0;
  constructor(readonly url: string) {
    super();
    Stream.opened.push(this);
  }
  close() {
    this.readyState = 2;
  }
}

const clientOver = (answer: () => Promise<Response>) => {
  const fetch = vi.fn(answer);
  const EventSource = Stream as unknown as typeof globalThis.EventSource;
  return { fetch, client: createClient(createHttpCarrier({ fetch, EventSource })) };
};

it('posts the input and gives the value of the reply', async () => {
  const { fetch, client } = clientOver(async () => Response.json({ ok: true, value: [] }));
  expect(await client.call('point.list', { repositoryId: 'r' })).toEqual([]);
  expect(fetch).toHaveBeenCalledWith(
    '/api/call/point.list',
    expect.objectContaining({ method: 'POST', body: '{"repositoryId":"r"}', credentials: 'same-origin' }),
  );
});

it('rejects with the error that core gave, every field of it', async () => {
  const error = { code: 'conflict', message: 'Busy.', hint: 'Wait.', retryable: true, details: { a: 'b' } };
  const { client } = clientOver(async () => Response.json({ ok: false, error }));
  await expect(client.call('account.sync', {})).rejects.toMatchObject({ name: 'AppError', ...error });
});

it('tells apart no answer, no sign-in and an answer it does not understand', async () => {
  const silent = clientOver(() => Promise.reject(new TypeError('Failed to fetch'))).client;
  await expect(silent.call('app.info', {})).rejects.toMatchObject({ code: 'unreachable', retryable: true });
  const stranger = clientOver(async () => new Response('no', { status: 401 })).client;
  await expect(stranger.call('app.info', {})).rejects.toMatchObject({ code: 'not-signed-in' });
  const proxy = clientOver(async () => new Response('<html>', { status: 502 })).client;
  await expect(proxy.call('app.info', {})).rejects.toMatchObject({
    code: 'internal',
    details: { status: '502' },
  });
});

it('drops events that are not of the contract, and opens a refused stream again', () => {
  vi.useFakeTimers();
  Stream.opened.length = 0;
  const onEvent = vi.fn();
  const onConnection = vi.fn();
  const end = clientOver(async () => Response.json({})).client.subscribe({ onEvent, onConnection });
  const say = (data: string) => Stream.opened.at(-1)?.dispatchEvent(new MessageEvent('message', { data }));
  say('not json');
  say('{"type":"changed","topic":"nothing","id":null}');
  say('{"type":"changed","topic":"vm","id":null}');
  expect(onEvent.mock.calls).toEqual([[{ type: 'changed', topic: 'vm', id: null }]]);

  const refused = Stream.opened.at(-1);
  if (refused === undefined) throw new Error('no stream was opened');
  refused.readyState = 2;
  refused.dispatchEvent(new Event('error'));
  expect(onConnection).toHaveBeenLastCalledWith('lost');
  vi.advanceTimersByTime(5000);
  expect(Stream.opened).toHaveLength(2);
  end();
  expect(Stream.opened.at(-1)?.readyState).toBe(2);
});
