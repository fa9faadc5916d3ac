const ESCAPED = /%([0-9A-F]{2})/;

/** The bytes of a text in UTF-8, each as `%` and two upper-case hexadecimal digits. */
export function percentBytes(bytes: Uint8Array | string): string {
  return Array.from(Buffer.from(bytes as string), (byte) => `%${hex(byte)}`).join('');
}

/** Escapes every `%` that would read as an escape or as the mark of a cut name. */
export function percentGuarded(text: string): string {
  return text.replaceAll(/%(?=[0-9A-F]{2}|~)/g, '%25');
}

/** The bytes that a text with escapes stands for. */
export function percentDecoded(text: string): Uint8Array {
  const parts = text.split(ESCAPED).map((part, index) => Buffer.from(part, index % 2 === 1 ? 'hex' : 'utf8'));
  return new Uint8Array(Buffer.concat(parts));
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
