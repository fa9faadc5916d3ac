import { Fields } from '../disk/index.ts';
import type { FileContent } from '../tree/index.ts';

const BLOCK = 256 * 1024;
const LARGEST_STREAM = 256 * 1024 * 1024;

/** The owner named in a self-relative security descriptor, such as `S-1-5-18`. */
export function ownerOf(descriptor: Fields): string | undefined {
  const at = descriptor.u32(4);
  if (at === 0) return undefined;
  const count = descriptor.u8(at + 1);
  if (count > 15) return undefined;
  const authority = descriptor.slice(at + 2, 6).reduce((value, byte) => value * 256 + byte, 0);
  const rest = Array.from({ length: count }, (_, index) => descriptor.u32(at + 8 + index * 4));
  return `S-${[descriptor.u8(at), authority, ...rest].join('-')}`;
}

/**
 * Owners by security id, from the volume's shared descriptors: blocks of 256 KiB, each followed by a copy
 * of itself.
 */
export async function readOwners(stream: FileContent, signal: AbortSignal): Promise<Map<number, string>> {
  const owners = new Map<number, string>();
  const size = Math.min(stream.size, LARGEST_STREAM);
  for (let at = 0; at < size; at += BLOCK * 2)
    readBlock(new Fields(await stream.read(at, BLOCK, signal), 'security descriptors'), owners);
  return owners;
}

function readBlock(block: Fields, owners: Map<number, string>): void {
  for (let at = 0; at + 20 <= block.length; ) {
    const length = block.u32(at + 16);
    if (length < 40 || at + length > block.length) return;
    const owner = ownerOf(new Fields(block.slice(at + 20, length - 20), 'security descriptor'));
    if (owner !== undefined) owners.set(block.u32(at + 4), owner);
    at += Math.ceil(length / 16) * 16;
  }
}
