import { hkdfSync } from 'node:crypto';
import { keyLength } from '../crypto/repository-keys.ts';
import type { KeyFile } from '../model.ts';
import type { SlotIdentity, SlotOf } from './key-slot.ts';
import { sealKey, unsealKey } from './sealed-key.ts';

/**
 * `docs/format.md`, section "Keys": the data key under the random secret of a key file. The secret has 256 bits, so
 * nothing has to make guessing slow.
 */
export function keyFileSlot(
  identity: SlotIdentity,
  dataKey: Uint8Array,
  wrap: { readonly keyFile: KeyFile; readonly random: (length: number) => Uint8Array },
): SlotOf<'key-file'> {
  const { key, verifier } = derive(wrap.keyFile.secret, identity);
  return {
    cairn: 'key-slot',
    version: 1,
    ...identity,
    kind: 'key-file',
    verifier,
    ...sealKey(dataKey, { key, identity, random: wrap.random }),
  };
}

/** The data key; undefined when this is not the slot's file; `damaged` when it is but the slot was changed. */
export function unlockKeyFileSlot(slot: SlotOf<'key-file'>, keyFile: KeyFile): Uint8Array | undefined {
  const { key, verifier } = derive(keyFile.secret, slot);
  return verifier === slot.verifier ? unsealKey(slot, key) : undefined;
}

function derive(secret: Uint8Array, { repository, id }: SlotIdentity): { key: Buffer; verifier: string } {
  const hkdf = (info: string) =>
    Buffer.from(hkdfSync('sha256', secret, `${repository}/${id}`, info, keyLength));
  return { key: hkdf('cairn key file'), verifier: hkdf('cairn key file verifier').toString('hex') };
}
