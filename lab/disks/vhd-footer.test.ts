import { expect, test } from 'vitest';
import { makeVhdFooter, vhdFooterProblem } from './index.ts';

const GIB = 1024 ** 3;
const id = '3b1f6a90-52d7-4c1e-9d35-6a8e0f7c2b01';

test('a made footer is accepted for its own size only', () => {
  const footer = makeVhdFooter(30 * GIB, id);
  expect(vhdFooterProblem(footer, 30 * GIB)).toBeUndefined();
  expect(vhdFooterProblem(footer, 31 * GIB)).toContain('virtual size');
});

test.each([
  ['no footer', undefined, 'conectix'],
  ['zeros', Buffer.alloc(512), 'conectix'],
])('%s is refused', (_name, footer, words) => {
  expect(vhdFooterProblem(footer, GIB)).toContain(words);
});

test('a flipped bit and a dynamic disk are refused', () => {
  const flipped = makeVhdFooter(GIB, id);
  flipped.writeUInt8(flipped.readUInt8(70) ^ 1, 70);
  expect(vhdFooterProblem(flipped, GIB)).toContain('checksum');
  const dynamic = makeVhdFooter(GIB, id);
  dynamic.writeUInt32BE(3, 60);
  dynamic.writeUInt32BE(dynamic.readUInt32BE(64) - 1, 64);
  expect(vhdFooterProblem(dynamic, GIB)).toContain('fixed');
});

// Worked by hand with the appendix "CHS calculation": sectors / 63 / 16, rounded down.
test.each([
  [GIB, 2080, 16, 63],
  [30 * GIB, 62_415, 16, 63],
])('the geometry of %d bytes is the specification’s', (bytes, cylinders, heads, sectors) => {
  const footer = makeVhdFooter(bytes, id);
  expect([footer.readUInt16BE(56), footer.readUInt8(58), footer.readUInt8(59)]).toEqual([
    cylinders,
    heads,
    sectors,
  ]);
});
