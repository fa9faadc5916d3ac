import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fileTimeSchema } from '../../contract/index.ts';
import { fileTimeNanoseconds, fileTimeText } from './file-time.ts';

it('times are shown with the digits that they have', () => {
  expect(fileTimeText(undefined)).toBeNull();
  expect(fileTimeText(0n)).toBe('1970-01-01T00:00:00Z');
  expect(fileTimeText(1_500_000_000n)).toBe('1970-01-01T00:00:01.5Z');
  expect(fileTimeText(-1n)).toBe('1969-12-31T23:59:59.999999999Z');
  expect(fileTimeText(253_402_300_800_000_000_000n)).toBe('+010000-01-01T00:00:00Z');
  expect(fileTimeText(2n ** 80n)).toBeNull();
});

it('times go there and back for any moment of the calendar', () => {
  const farthest = 8_639_999_999_999n * 1_000_000_000n;
  fc.assert(
    fc.property(fc.bigInt({ min: -farthest, max: farthest }), (nanoseconds) => {
      const text = fileTimeText(nanoseconds) ?? '';
      expect(fileTimeSchema.safeParse(text).success).toBe(true);
      expect(fileTimeNanoseconds(text)).toBe(nanoseconds);
    }),
  );
});
