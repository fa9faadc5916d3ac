import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOfText, fileNameFromBytes, fileNameFromUtf16, isUsableName } from './file-name.ts';

describe('file names', () => {
  it('show valid text as it is and everything else as escapes', () => {
    const shown = (bytes: number[] | string): string => fileNameFromBytes(Buffer.from(bytes as string)).text;
    expect(shown('plain name.txt')).toBe('plain name.txt');
    expect(shown('日本語 😀')).toBe('日本語 😀');
    expect(shown('back\\slash')).toBe('back\\slash');
    expect(shown('\\x41')).toBe('\\x5cx41');
    expect(shown('a/b\n\0')).toBe('a\\x2fb\\x0a\\x00');
    expect(shown([0x41, 0xff, 0xc3, 0x28])).toBe('A\\xff\\xc3(');
    expect(shown([0xc2, 0x85])).toBe('\\xc2\\x85');
  });

  it('keep lone surrogates of UTF-16 apart', () => {
    expect(fileNameFromUtf16('ok 😀').text).toBe('ok 😀');
    expect(fileNameFromUtf16('a\ud800b').text).toBe('a\\xed\\xa0\\x80b');
    expect(fileNameFromUtf16('a\udc00b').text).not.toBe(fileNameFromUtf16('a\ud800b').text);
  });

  it('go back to the same bytes, and differ where the bytes differ', () => {
    const name = fc.uint8Array({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(name, (bytes) => {
        const { text } = fileNameFromBytes(bytes);
        expect(Buffer.from(bytesOfText(text)).equals(bytes)).toBe(true);
        expect(text.includes('/') || Array.from(text).some((character) => character < ' ')).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\\', 'x', '4', 'f', 'é')), (parts) => {
        const bytes = Buffer.from(parts.join(''));
        expect(Buffer.from(bytesOfText(fileNameFromBytes(bytes).text)).equals(bytes)).toBe(true);
      }),
    );
  });

  it('that would leave their directory are not usable', () => {
    const usable = (text: string): boolean => isUsableName(Buffer.from(text));
    expect(['', '.', '..'].some(usable)).toBe(false);
    expect(['...', '.a', 'a.', '..a'].every(usable)).toBe(true);
  });
});
