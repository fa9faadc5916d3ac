/**
 * A name as the guest's file system holds it. `text` is safe to show, to send and to use as a path part:
 * whatever is not valid UTF-8, a control character or a slash is written `\xNN`; `bytesOfText` reverses it.
 */
export interface FileName {
  readonly bytes: Uint8Array;
  readonly text: string;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function fileNameFromBytes(bytes: Uint8Array): FileName {
  const own = new Uint8Array(bytes);
  return { bytes: own, text: safeText(own) };
}

/** A name kept as UTF-16 (NTFS, FAT, exFAT). Lone surrogates become their three bytes, hence `\xNN`. */
export function fileNameFromUtf16(text: string): FileName {
  const bytes = text.isWellFormed() ? new Uint8Array(Buffer.from(text)) : looseUtf8(text);
  return { bytes, text: safeText(bytes) };
}

/** The bytes a safe text stands for. */
export function bytesOfText(text: string): Uint8Array {
  if (!text.includes('\\x')) return new Uint8Array(Buffer.from(text));
  const parts = text.split(/\\x([0-9a-f]{2})/);
  return new Uint8Array(
    Buffer.concat(parts.map((part, index) => (index % 2 ? Buffer.from(part, 'hex') : Buffer.from(part)))),
  );
}

/** False for names that would escape their directory; readers leave such entries out. */
export function isUsableName(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  const dots = bytes.every((byte) => byte === 0x2e);
  return !(dots && bytes.length <= 2);
}

function safeText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.every(isPlain)) return buffer.toString('latin1');
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    const first = bytes[at] ?? 0;
    const show =
      length > 1 || (length === 1 && isPlain(first)) || (first === 0x5c && !startsEscape(bytes, at));
    if (show) text += buffer.toString('utf8', at, at + length);
    else text += `\\x${first.toString(16).padStart(2, '0')}`;
    at += Math.max(1, length);
  }
  return text;
}

/** Printable ASCII but for the slash and the backslash, which may start an escape. */
function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f && byte !== 0x2f && byte !== 0x5c;
}

/** Whether the backslash at `at` would read as an escape if it were shown as it is. */
function startsEscape(bytes: Uint8Array, at: number): boolean {
  return /^\\x[0-9a-f]{2}/.test(Buffer.from(bytes.subarray(at, at + 4)).toString('latin1'));
}

/** Bytes of the valid UTF-8 sequence at `at`; 0 when there is none. C1 control characters count as none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return 0;
  try {
    const code = decoder.decode(bytes.subarray(at, at + length)).codePointAt(0) ?? 0;
    return code < 0xa0 ? 0 : length;
  } catch {
    return 0;
  }
}

function looseUtf8(text: string): Uint8Array {
  const parts = Array.from(text, (character) => {
    if (character.isWellFormed()) return Buffer.from(character);
    const unit = character.charCodeAt(0);
    return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
  });
  return new Uint8Array(Buffer.concat(parts));
}
