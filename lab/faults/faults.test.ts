import { describe, expect, it } from 'vitest';
import type { FaultSubject } from '../ports.ts';
import { createFaultBook, faultResponse } from './index.ts';

const subject = (path: string, query = ''): FaultSubject => ({
  service: 'arm',
  method: 'PUT',
  path,
  query: new URLSearchParams(query),
});

const busy = { status: 429, code: 'TooManyRequests', headers: { 'retry-after': '1' } };

describe('fault book', () => {
  it('harms the stated number of requests after the stated number unharmed', () => {
    const book = createFaultBook();
    book.add({ path: '/subscriptions/*/DISKS/*', skip: 1, times: 2, respond: busy });
    const outcomes = Array.from({ length: 5 }, () => book.match(subject('/subscriptions/s/disks/d')));
    expect(outcomes.map((effect) => effect?.respond?.status)).toEqual([
      undefined,
      429,
      429,
      undefined,
      undefined,
    ]);
    expect(book.list()).toMatchObject([{ seen: 3, harmed: 2 }]);
  });

  it('tells services, methods, paths and query apart', () => {
    const book = createFaultBook();
    book.add({ service: 'disk', respond: busy });
    book.add({ method: 'delete', respond: busy });
    book.add({ path: '/a.b', respond: busy });
    book.add({ query: { comp: 'pagelist' }, drop: 'before' });
    expect(book.match(subject('/acb'))).toBeUndefined();
    expect(book.match(subject('/A.B'))?.respond?.code).toBe('TooManyRequests');
    expect(book.match(subject('/x', 'comp=pagelist'))?.drop).toBe('before');
  });

  it('goes on to the next rule when one is used up, and forgets removed ones', () => {
    const book = createFaultBook();
    book.add({ times: 1, delayMs: 5 });
    const second = book.add({ delayMs: 7 });
    expect([book.match(subject('/'))?.delayMs, book.match(subject('/'))?.delayMs]).toEqual([5, 7]);
    expect(book.remove(second.id)).toBe(true);
    expect(book.match(subject('/'))).toBeUndefined();
  });

  it('refuses rules that make no sense', () => {
    const book = createFaultBook();
    expect(() => book.add({ respond: { status: 200, code: 'Fine' } })).toThrow();
    expect(() => book.add({ times: 0 })).toThrow();
  });
});

describe('injected answers', () => {
  it('have the shape of their service', () => {
    const respond = { status: 503, code: 'ServerBusy', message: 'a < b', headers: { 'retry-after': '2' } };
    expect(faultResponse(respond, 'arm').body).toEqual({ error: { code: 'ServerBusy', message: 'a < b' } });
    const blob = faultResponse(respond, 'blob');
    expect(blob.headers).toMatchObject({ 'x-ms-error-code': 'ServerBusy', 'retry-after': '2' });
    expect(blob.body).toContain('<Message>a &#60; b</Message>');
  });
});
