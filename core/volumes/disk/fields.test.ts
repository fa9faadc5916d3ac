import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';
import { Fields } from './fields.ts';
import { guidText, uuidText } from './guid.ts';

describe('Fields', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 0, 255);

  it('reads both byte orders', () => {
    const [little, big] = [new Fields(bytes, 'test'), new Fields(bytes, 'test', 'big')];
    expect([little.u16(0), little.u32(0), little.u64(0)]).toEqual([0x0201, 0x04030201, 0x07060504030201]);
    expect([big.u16(0), big.u32(0), big.big64(0)]).toEqual([0x0102, 0x01020304, 0x0102030405060700n]);
    expect([little.u8(8), little.i8(8)]).toEqual([255, -1]);
  });

  it('takes everything outside of the structure, and absurd numbers, for damage', () => {
    const fields = new Fields(bytes, 'test');
    for (const read of [
      () => fields.u8(9),
      () => fields.u16(8),
      () => fields.u32(-1),
      () => fields.slice(2, 8),
      () => fields.slice(2, -1),
      () => new Fields(new Uint8Array(8).fill(255), 'test').u64(0),
    ])
      expect(read).toThrow(expect.objectContaining({ code: 'damaged' }));
  });
});

it('crc32c gives the published check value', () => {
  const crc = crc32c(0xffffffff, Buffer.from('123456789'));
  expect((crc ^ 0xffffffff) >>> 0).toBe(0xe3069283);
});

it('GUIDs are shown in the order that their systems show them', () => {
  const bytes = Buffer.from('28732ac11ff8d211ba4b00a0c93ec93b', 'hex');
  expect(guidText(bytes)).toBe('c12a7328-f81f-11d2-ba4b-00a0c93ec93b');
  expect(uuidText(bytes)).toBe('28732ac1-1ff8-d211-ba4b-00a0c93ec93b');
});
