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

export function numberOfPack(packId: string): number {
  return Number.parseInt(packId.slice(33), 16);
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

const id = '[0-9a-f]{32}';
const namePatterns = {
  header: /^cairn$/,
  slot: new RegExp(`^keys/${id}$`),
  owner: /^owner\/[0-9]{8}$/,
  writer: new RegExp(`^writers/${id}$`),
  pack: packNamePattern,
  index: new RegExp(`^index/${id}$`),
  point: new RegExp(`^points/${id}$`),
  condemned: new RegExp(`^condemned/${id}$`),
  waits: new RegExp(`^condemned/${id}\\.waits$`),
  moved: new RegExp(`^moved/${id}-[0-9a-f]{8}/${id}$`),
  suspects: new RegExp(`^suspects/${id}$`),
} as const;
export type NamedKind = keyof typeof namePatterns;

/** What an object must be, going by its name; undefined for names that Cairn does not write. */
export function kindOfName(name: string): NamedKind | undefined {
  const kinds = Object.keys(namePatterns) as NamedKind[];
  return kinds.find((kind) => namePatterns[kind].test(name));
}

/** The part of a name after its prefix, which must be an id. */
export function idFromName(name: string): string {
  const id = name.slice(name.indexOf('/') + 1);
  if (!isId(id)) throw damaged(name, 'its name is not one that Cairn writes');
  return id;
}
