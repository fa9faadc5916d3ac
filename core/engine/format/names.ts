import { damaged } from './bytes.ts';

/** Where objects live in a repository. `docs/format.md`, section "Objects". */
export const headerName = 'cairn';

export const prefixes = {
  keys: 'keys/',
  owner: 'owner/',
  writers: 'writers/',
  packs: 'packs/',
  index: 'index/',
  points: 'points/',
  condemned: 'condemned/',
  moved: 'moved/',
  suspects: 'suspects/',
} as const;

/** Length of ids of repositories, slots, attempts and points: 16 random bytes, 32 hexadecimal digits. */
export const idLength = 16;
export const packIdLength = 20;

const idPattern = /^[0-9a-f]{32}$/;

export function isId(text: string): boolean {
  return idPattern.test(text);
}

/**
 * A pack is known by the attempt that wrote it and its number within that attempt, `<32 hex>/<8 hex>`.
 * An attempt never uses a number twice, so a pack's derived key never meets two different contents.
 */
export function packIdOf(attempt: string, number: number): string {
  return `${attempt}/${number.toString(16).padStart(8, '0')}`;
}

export function packName(packId: string): string {
  return prefixes.packs + packId;
}

export function attemptOfPack(packId: string): string {
  return packId.slice(0, 32);
}

export function packIdToBytes(packId: string): Buffer {
  return Buffer.from(packId.slice(0, 32) + packId.slice(33), 'hex');
}

export function packIdFromBytes(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, packIdLength).toString('hex');
  return `${hex.slice(0, 32)}/${hex.slice(32)}`;
}

const packNamePattern = /^packs\/([0-9a-f]{32}\/[0-9a-f]{8})$/;

export function packIdFromName(name: string): string | undefined {
  return packNamePattern.exec(name)?.[1];
}

export function isPackId(text: string): boolean {
  return packNamePattern.test(prefixes.packs + text);
}

/** The part of a name after its prefix, which must be an id. */
export function idFromName(name: string): string {
  const id = name.slice(name.indexOf('/') + 1);
  if (!isId(id)) throw damaged(name, 'its name is not one that Cairn writes');
  return id;
}
