/** The few DER forms that an X.509 certificate needs (ITU-T X.690), as functions from content to bytes. */

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

/** One tag-length-value. */
export function tlv(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthBytes(body.length), body]);
}

export const sequence = (...items: readonly Buffer[]): Buffer => tlv(0x30, ...items);
export const set = (...items: readonly Buffer[]): Buffer => tlv(0x31, ...items);
export const octetString = (content: Buffer): Buffer => tlv(0x04, content);
export const utf8String = (text: string): Buffer => tlv(0x0c, Buffer.from(text, 'utf8'));
export const boolean = (value: boolean): Buffer => tlv(0x01, Buffer.from([value ? 0xff : 0]));

/** Context-specific tag; constructed when it wraps other items. */
export const context = (number: number, constructed: boolean, ...content: readonly Buffer[]): Buffer =>
  tlv((constructed ? 0xa0 : 0x80) | number, ...content);

/** Bits of a whole number of bytes, with `unused` bits at the end. */
export const bitString = (content: Buffer, unused = 0): Buffer => tlv(0x03, Buffer.from([unused]), content);

/** A non-negative integer given as big-endian bytes. */
export function integer(bytes: Buffer): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const trimmed = bytes.subarray(start);
  const needsSign = ((trimmed[0] ?? 0) & 0x80) !== 0;
  return tlv(0x02, needsSign ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed);
}

/** Object identifier from its dotted form. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let value = arc >>> 7; value > 0; value >>>= 7) groups.unshift((value & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return tlv(0x06, Buffer.from(bytes));
}

/** GeneralizedTime to the second, as RFC 5280 wants it. */
export function time(at: Date): Buffer {
  const text = at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  // RFC 5280 4.1.2.5: dates through 2049 are UTCTime.
  return at.getUTCFullYear() < 2050
    ? tlv(0x17, Buffer.from(text.slice(2), 'ascii'))
    : tlv(0x18, Buffer.from(text, 'ascii'));
}
