import { expect, test } from 'vitest';
import { SequentialStreams } from './sequential-streams.ts';

const block = (first: number) => ({ first, after: first + 1 });

test('random reads cause nothing', () => {
  const streams = new SequentialStreams(32);
  for (const place of [500, 3, 99, 98, 7, 500, 2]) expect(streams.follow(block(place))).toBeUndefined();
});

test('what is fetched grows with the stream up to the window and never twice the same', () => {
  const streams = new SequentialStreams(16);
  let fetched = 1;
  const lengths: number[] = [];
  for (let place = 0; place < 100; place++) {
    const span = streams.follow(block(place));
    if (span === undefined) continue;
    expect(span.first).toBe(place === 1 ? 2 : fetched);
    expect(span.after).toBeLessThanOrEqual(place + 1 + 16);
    lengths.push(span.after - span.first);
    fetched = span.after;
  }
  expect(lengths.slice(0, 3)).toEqual([4, 5, 9]);
  expect(lengths.slice(3).every((length) => length >= 8)).toBe(true);
});

test('a stream goes on between other reads, and streams divide the window', () => {
  const streams = new SequentialStreams(32);
  let most = 0;
  for (let step = 0; step < 50; step++) {
    streams.follow(block(5000 + ((step * 37) % 100) * 3));
    const spans = [streams.follow(block(step)), streams.follow(block(1000 + step))];
    if (step < 10) continue;
    for (const span of spans) if (span !== undefined) most = Math.max(most, span.after - step);
  }
  const ahead = streams.follow(block(50));
  expect(most).toBeGreaterThan(0);
  expect((ahead?.after ?? 51) - 51).toBeLessThanOrEqual(16);
});

test('small reads within one block neither end a stream nor drive it', () => {
  const streams = new SequentialStreams(8);
  streams.follow(block(4));
  expect(streams.follow(block(4))).toBeUndefined();
  expect(streams.follow(block(5))).toEqual({ first: 6, after: 10 });
  expect(streams.follow(block(5))).toBeUndefined();
});

test('without room nothing is fetched ahead', () => {
  const streams = new SequentialStreams(0);
  expect([0, 1, 2, 3].map((place) => streams.follow(block(place)))).toEqual(new Array(4).fill(undefined));
});
