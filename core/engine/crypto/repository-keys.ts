import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { packIdToBytes } from '../format/names.ts';

export const keyLength = 32;
const cachedPackKeys = 256;
const packKeyInfo = 'cairn pack';

/** Everything derived from a repository's data key. One use, one key. */
export interface RepositoryKeys {
  readonly dataKey: Uint8Array;
  /** HMAC-SHA-256 of a block's plain bytes under the block key; nobody without the key can guess contents. */
  blockId(plain: Uint8Array): Buffer;
  /** The same for map nodes, under a key of their own. */
  nodeId(plain: Uint8Array): Buffer;
  packKey(packId: string): KeyObject;
  /**
   * The same key for one use. Key objects hold native memory that the garbage collector does not see; whoever makes
   * one for each of a million footers has hundreds of MiB of them before it looks.
   */
  packKeyOnce(packId: string): Uint8Array;
  /** For one use, like that. */
  objectKey(name: string): Uint8Array;
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
      const key = derive(secret, packIdToBytes(packId), packKeyInfo);
      if (packKeys.size >= cachedPackKeys) packKeys.clear();
      packKeys.set(packId, key);
      return key;
    },
    packKeyOnce: (packId) => deriveBytes(secret, packIdToBytes(packId), packKeyInfo),
    objectKey: (name) => deriveBytes(secret, Buffer.from(name, 'utf8'), 'cairn object'),
  };
}

/** Key objects are parsed once, which for small blocks costs more than sealing them. */
function derive(secret: KeyObject, salt: Uint8Array, info: string): KeyObject {
  return createSecretKey(deriveBytes(secret, salt, info));
}

function deriveBytes(secret: KeyObject, salt: Uint8Array, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, info, keyLength));
}
