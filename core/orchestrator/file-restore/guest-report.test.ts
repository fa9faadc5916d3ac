import { expect, test } from 'vitest';
import { readGuestReport } from './guest-report.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const hash = 'a'.repeat(64);

test('a report is read record by record', () => {
  const report = readGuestReport(bytes(`W\t${hash}\t/a\nb\0K\t-\t/link\0F\ta folder has this name\t/c\td\0`));
  expect(report).toEqual([
    { kind: 'written', path: '/a\nb', sha256: hash, reason: '' },
    { kind: 'kept', path: '/link', sha256: null, reason: '' },
    { kind: 'failed', path: '/c\td', sha256: null, reason: 'a folder has this name' },
  ]);
});

test('anything else is refused', () => {
  for (const text of ['W', 'W\tx\t/a\0', `W\t${hash}\t/a`, `X\t-\t/a\0`, `W\t${hash}\trelative\0`, '\0'])
    expect(() => readGuestReport(bytes(text))).toThrowError('cannot be read');
});
