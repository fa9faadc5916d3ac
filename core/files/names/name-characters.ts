import { bytesOfText } from '../../volumes/index.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A character of a guest's name, or a byte of it that is no text. */
export type NameCharacter = string | number;

/** A name of the contract (with `\xNN` for what is no text) as the characters and loose bytes it stands for. */
export function nameCharacters(safeText: string): NameCharacter[] {
  if (!safeText.includes('\\x')) return Array.from(safeText);
  const bytes = bytesOfText(safeText);
  const found: NameCharacter[] = [];
  for (let at = 0; at < bytes.length; ) {
    const character = characterAt(bytes, at);
    found.push(character ?? bytes[at] ?? 0);
    at += character === undefined ? 1 : Buffer.byteLength(character);
  }
  return found;
}

function characterAt(bytes: Uint8Array, at: number): string | undefined {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  try {
    return strict.decode(bytes.subarray(at, at + length));
  } catch {
    return undefined;
  }
}
