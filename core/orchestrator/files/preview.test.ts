import { describe, expect, it } from 'vitest';
import { pictureType } from './picture-type.ts';
import { decodeText } from './text-encoding.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const utf16be = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16());
const decoded = (given: Uint8Array, cut = false) => decodeText(given, cut);

describe('the encoding of a text', () => {
  it.each([
    ['plain', Buffer.from('key = value\r\n\tmore\n'), 'UTF-8'],
    ['UTF-8', Buffer.from('Grüße, 日本語 😀'), 'UTF-8'],
    ['with a mark', Buffer.from('\ufeffGrüße'), 'UTF-8'],
    ['UTF-16 with a mark', Buffer.from('\ufeffGrüße 日本', 'utf16le'), 'UTF-16 LE'],
    ['UTF-16 BE with a mark', utf16be('\ufeffGrüße'), 'UTF-16 BE'],
    ['UTF-16 without a mark', Buffer.from('[Version]\r\nSignature=x', 'utf16le'), 'UTF-16 LE'],
    ['UTF-16 BE without a mark', utf16be('[Version]\r\nSignature=x'), 'UTF-16 BE'],
    ['Latin-1', Buffer.from('Grüße aus München\n', 'latin1'), 'Latin-1'],
    ['terminal colours', Buffer.from('\x1b[31mred\x1b[0m text'), 'UTF-8'],
    ['nothing', Buffer.alloc(0), 'UTF-8'],
  ])('%s', (_, given, encoding) => {
    expect(decoded(given)?.encoding).toBe(encoding);
  });

  it('does not show the mark, and reads the text', () => {
    expect(decoded(Buffer.from('\ufeffGrüße'))?.text).toBe('Grüße');
    expect(decoded(utf16be('\ufeffGrüße'))?.text).toBe('Grüße');
    expect(decoded(Buffer.from('Größe: 5', 'latin1'))?.text).toBe('Größe: 5');
  });

  it('may be cut in the middle of a character', () => {
    const whole = Buffer.from('aaaa日');
    expect(decoded(whole.subarray(0, -1), true)).toEqual({ text: 'aaaa', encoding: 'UTF-8' });
    expect(decoded(Buffer.from('\ufeffab', 'utf16le').subarray(0, -1), true)?.text).toBe('a');
  });

  it.each([
    [
      'a program',
      Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01'), Buffer.alloc(100), Buffer.from('text')]),
    ],
    ['noise', Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 197 + 13) % 256))],
    ['zeros', Buffer.alloc(4096)],
    ['control characters', Buffer.from(Array.from({ length: 100 }, (_, index) => index % 7 || 65))],
    ['high bytes only', Buffer.alloc(100, 0xe9)],
  ])('%s is no text', (_, given) => {
    expect(decoded(given)).toBeNull();
  });
});

describe('a picture', () => {
  it.each([
    ['image/png', Buffer.from('\x89PNG\r\n\x1a\n........', 'latin1')],
    ['image/jpeg', bytes(0xff, 0xd8, 0xff, 0xe0)],
    ['image/gif', Buffer.from('GIF89a')],
    ['image/webp', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1')],
    ['image/bmp', Buffer.from([0x42, 0x4d, 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0])],
  ])('%s is told by its first bytes', (type, given) => {
    expect(pictureType(given)).toBe(type);
  });

  it.each([
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a text that begins with BM', Buffer.from('BMW is a car maker, and so on')],
    ['other RIFF', Buffer.from('RIFF\x10\0\0\0WAVEfmt ', 'latin1')],
    ['a cut signature', Buffer.from('\x89PNG', 'latin1')],
    ['nothing', Buffer.alloc(0)],
  ])('%s is none', (_, given) => {
    expect(pictureType(given)).toBeNull();
  });
});
