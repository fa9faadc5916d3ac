import { createHash } from 'node:crypto';
import type { RandomBytes, SecretStore } from '../host.ts';

/** A secret store in memory that shows what it holds. */
export function memorySecrets(): SecretStore & { readonly values: ReadonlyMap<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    get: async (key) => values.get(key) ?? null,
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
  };
}

/** Bytes that look random and are the same in every run. */
export function seededRandom(seed = 'cairn'): RandomBytes {
  let counter = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += 32) {
      counter += 1;
      const block = createHash('sha256').update(`${seed}:${counter}`).digest();
      bytes.set(block.subarray(0, Math.min(32, length - offset)), offset);
    }
    return bytes;
  };
}
