const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** A new identifier of 80 random bits: 16 lower-case letters and digits, fit for every name in Azure. */
export function newId(random: (length: number) => Uint8Array): string {
  return [...random(16)].map((byte) => alphabet[byte & 31]).join('');
}

/** A random (version 4) UUID. */
export function newUuid(random: (length: number) => Uint8Array): string {
  const bytes = Uint8Array.from(random(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
