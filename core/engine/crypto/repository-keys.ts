import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { packIdToBytes } from '../format/names.ts';

export const keyLength = 32;
const cachedPackKeys = 256;

/** Everything derived from a repository's data key. One use, one key. */
export interface RepositoryKeys {
  readonly dataKey: Uint8Array;
  /** HMAC-SHA-256 of a block's plain bytes under the block key; nobody without the key can guess contents. */
  blockId(plain: Uint8Array): Buffer;
  /** The same for map nodes, under a key of their own. */
  nodeId(plain: Uint8Array): Buffer;
  packKey(packId: string): KeyObject;
  objectKey(name: string): KeyObject;
}

export function deriveKeys(dataKey: Uint8Array): RepositoryKeys {
  const secret = createSecretKey(dataKey);
  const blockKey = derive(secret, new Uint8Array(0), 'cairn block id');
  const nodeKey = derive(secret, new Uint8Array(0), 'cairn node id');
  const packKeys = new Map<string, KeyObject>();
  return {
    dataKey,
    blockId: (plain) => createHmac('sha256', blockKey).update(plain).digest(),
    nodeId: (plain) => createHmac('sha256', nodeKey).update(plain).digest(),
    packKey(packId) {
      const known = packKeys.get(packId);
      if (known !== undefined) return known;
      const key = derive(secret, packIdToBytes(packId), 'cairn pack');
      if (packKeys.size >= cachedPackKeys) packKeys.clear();
      packKeys.set(packId, key);
      return key;
    },
    objectKey: (name) => derive(secret, Buffer.from(name, 'utf8'), 'cairn object'),
  };
}

/** Key objects are parsed once, which for small blocks costs more than sealing them. */
function derive(secret: KeyObject, salt: Uint8Array, info: string): KeyObject {
  return createSecretKey(new Uint8Array(hkdfSync('sha256', secret, salt, info, keyLength)));
}
