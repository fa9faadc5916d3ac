import { expect, it } from 'vitest';
import { hexLines } from './hex-lines.ts';

it('shows bytes in lines with their offsets, the last line as wide as the others', () => {
  expect(hexLines(new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 255, 0x41]))).toEqual([
    { offset: '0000', bytes: '7f 45 4c 46 00 01 02 ff', signs: '.ELF....' },
    { offset: '0008', bytes: '41                     ', signs: 'A' },
  ]);
  expect(hexLines(new Uint8Array())).toEqual([]);
});
