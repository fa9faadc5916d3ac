import { expect, it } from 'vitest';
import { toAppError } from '../../../contract/index.ts';
import { decompressLzx } from './lzx.ts';
import { decompressXpress } from './xpress.ts';

/** Bits in words of 16, the highest first. */
function words(bits: string): Buffer {
  const padded = bits.padEnd(Math.ceil(bits.length / 16) * 16, '0');
  return Buffer.concat(
    Array.from({ length: padded.length / 16 }, (_, index) => {
      const word = Number.parseInt(padded.slice(index * 16, index * 16 + 16), 2);
      return Buffer.from([word & 0xff, word >> 8]);
    }),
  );
}

const distances = Buffer.alloc(12, 1);

it('LZX: plain blocks of odd and even length, which are aligned to words', () => {
  const block = (text: string): Buffer => {
    const size = text.length.toString(2).padStart(16, '0');
    const odd = text.length % 2 === 1 ? Buffer.alloc(1) : Buffer.alloc(0);
    return Buffer.concat([words(`0110${size}`), distances, Buffer.from(text), odd]);
  };
  const text = 'plain and odd, then even';
  const input = Buffer.concat([block(text.slice(0, 13)), block(text.slice(13, 17)), block(text.slice(17))]);
  expect(Buffer.from(decompressLzx(input, text.length)).toString()).toBe(text);
});

it('input that makes no sense is damage, and always comes to an end', () => {
  let state = 1;
  const byte = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  for (const decompress of [decompressLzx, decompressXpress])
    for (let round = 0; round < 2000; round++) {
      const input = Uint8Array.from({ length: 10 + byte() * 3 }, () => (round % 2 ? byte() : byte() & 0x33));
      try {
        expect(decompress(input, 4096).length).toBe(4096);
      } catch (thrown) {
        expect(toAppError(thrown).code).toBe('damaged');
      }
    }
});
