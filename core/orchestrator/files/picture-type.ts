/** The media type of a picture that a browser can draw, told by its first bytes; null for everything else. */
export function pictureType(start: Uint8Array): string | null {
  const bytes = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, 32));
  return signatures.find(({ matches }) => matches(bytes))?.mediaType ?? null;
}

const text = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to);

/** PNG: RFC 2083 section 3.1. JPEG: ITU-T T.81 B.1.1.3. GIF: GIF89a section 17. WebP: RFC 9649 section 2.4. */
const signatures: ReadonlyArray<{
  readonly mediaType: string;
  readonly matches: (bytes: Buffer) => boolean;
}> = [
  { mediaType: 'image/png', matches: (bytes) => text(bytes, 0, 8) === '\x89PNG\r\n\x1a\n' },
  { mediaType: 'image/jpeg', matches: (bytes) => text(bytes, 0, 3) === '\xff\xd8\xff' },
  { mediaType: 'image/gif', matches: (bytes) => /^GIF8[79]a$/.test(text(bytes, 0, 6)) },
  {
    mediaType: 'image/webp',
    matches: (bytes) => text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP',
  },
  { mediaType: 'image/bmp', matches: isBitmap },
];

/** `BM` alone begins many texts: the two reserved fields are zero and the size of the information header is a known one. */
function isBitmap(bytes: Buffer): boolean {
  if (text(bytes, 0, 2) !== 'BM' || bytes.length < 18) return false;
  return bytes.readUInt32LE(6) === 0 && [12, 40, 52, 56, 64, 108, 124].includes(bytes.readUInt32LE(14));
}
