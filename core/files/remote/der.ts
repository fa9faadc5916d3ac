/** The DER forms that a self-signed certificate needs (ITU-T X.690): each function gives one encoded value. */

function encoded(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body), body]);
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 128) return Buffer.from([length]);
  const bytes = length < 256 ? [length] : [length >> 8, length & 0xff];
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

export const derSequence = (...items: readonly Uint8Array[]): Buffer => encoded(0x30, ...items);
export const derSet = (...items: readonly Uint8Array[]): Buffer => encoded(0x31, ...items);
export const derOctets = (content: Uint8Array): Buffer => encoded(0x04, content);
export const derText = (text: string): Buffer => encoded(0x0c, Buffer.from(text));
export const derTrue = (): Buffer => encoded(0x01, Buffer.from([0xff]));
/** Explicitly tagged value of a context. */
export const derTagged = (tag: number, ...content: readonly Uint8Array[]): Buffer =>
  encoded(0xa0 | tag, ...content);
/** `unused`: how many of the last bits do not count. */
export const derBits = (content: Uint8Array, unused = 0): Buffer =>
  encoded(0x03, Buffer.from([unused]), content);

/** A positive integer from its big-endian bytes, which begin with no zero byte. */
export function derPositive(bytes: Uint8Array): Buffer {
  return encoded(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.from([0]) : Buffer.alloc(0), bytes);
}

/** From the dotted form; the arcs this room uses fit into 32 bits. */
export function derObjectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...arcs] = dotted.split('.').map(Number);
  return encoded(0x06, Buffer.from([first * 40 + second, ...arcs.flatMap(base128)]));
}

function base128(arc: number): number[] {
  const groups = [arc & 0x7f];
  for (let rest = arc >>> 7; rest > 0; rest >>>= 7) groups.unshift(0x80 | (rest & 0x7f));
  return groups;
}

/** UTCTime, which RFC 5280 (4.1.2.5) wants for all times before 2050. */
export function derTime(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replaceAll(/\D/g, '');
  return encoded(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}
