/** A text and the name of its encoding. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: string;
}

/**
 * The bytes as text, or null when they are not. Told by a byte order mark, else by what the bytes can be: UTF-8, UTF-16
 * (with hardly any but western letters), Latin-1. `cut`: the text goes on, so its last character may be incomplete.
 */
export function decodeText(bytes: Uint8Array, cut: boolean): DecodedText | null {
  const marked = byMark(bytes);
  if (marked !== null) return marked;
  if (!bytes.includes(0)) return decodeUtf8(bytes, cut) ?? decodeLatin1(bytes);
  return decodeUnmarkedUtf16(bytes);
}

function byMark(bytes: Uint8Array): DecodedText | null {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return decode(bytes, 'utf-8', 'UTF-8');
  if (first === 0xff && second === 0xfe) return decode(even(bytes), 'utf-16le', 'UTF-16 LE');
  if (first === 0xfe && second === 0xff) return decode(even(bytes), 'utf-16be', 'UTF-16 BE');
  return null;
}

function decodeUtf8(bytes: Uint8Array, cut: boolean): DecodedText | null {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const text = decoder.decode(bytes, { stream: cut });
    return controls(text) ? null : { text, encoding: 'UTF-8' };
  } catch {
    return null;
  }
}

/** Windows-1252, the superset of Latin-1 that is meant by that name nearly everywhere. */
function decodeLatin1(bytes: Uint8Array): DecodedText | null {
  const decoded = decode(bytes, 'windows-1252', 'Latin-1');
  if (controls(decoded.text)) return null;
  let high = 0;
  for (const byte of bytes) if (byte >= 0x80) high += 1;
  return high * 3 > bytes.length ? null : decoded;
}

/** Western text in UTF-16 has a zero in nearly every second byte, and on one side only. */
function decodeUnmarkedUtf16(bytes: Uint8Array): DecodedText | null {
  const zeros = [0, 0];
  for (const [index, byte] of bytes.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [left = 0, right = 0] = zeros;
  const most = Math.max(left, right);
  if (Math.min(left, right) > 0 || most < bytes.length * 0.4) return null;
  const [label, encoding] = right > left ? ['utf-16le', 'UTF-16 LE'] : ['utf-16be', 'UTF-16 BE'];
  const decoded = decode(even(bytes), label, encoding);
  return controls(decoded.text) ? null : decoded;
}

function decode(bytes: Uint8Array, label: string, encoding: string): DecodedText {
  return { text: new TextDecoder(label).decode(bytes), encoding };
}

function even(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length - (bytes.length % 2));
}

/** Texts hold hardly any control characters besides those for lines, tabs, pages and terminal colours. */
function controls(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: counting them is the point
  const found = text.match(/[\u0000-\u0007\u000e-\u001a\u001c-\u001f\u007f]/g)?.length ?? 0;
  return found * 100 > text.length;
}
