import { nonceLength, seal, unseal } from '../crypto/aead.ts';
import { damaged } from './bytes.ts';
import { type SlotIdentity, slotName } from './key-slot.ts';

/** A data key under another key; authentic only in the slot that it was sealed for. Hexadecimal digits. */
export interface SealedKey {
  readonly nonce: string;
  readonly wrapped: string;
}

export interface SealKeyContext {
  readonly key: Uint8Array;
  readonly identity: SlotIdentity;
  readonly random: (length: number) => Uint8Array;
}

export function sealKey(dataKey: Uint8Array, { key, identity, random }: SealKeyContext): SealedKey {
  const nonce = Buffer.from(random(nonceLength));
  const wrapped = Buffer.concat(seal(dataKey, { key, nonce, associated: associatedOf(identity) }));
  return { nonce: nonce.toString('hex'), wrapped: wrapped.toString('hex') };
}

/** `damaged` when the slot was changed since it was sealed under this key. */
export function unsealKey(slot: SlotIdentity & SealedKey, key: Uint8Array): Uint8Array {
  const nonce = Buffer.from(slot.nonce, 'hex');
  const dataKey = unseal(Buffer.from(slot.wrapped, 'hex'), { key, nonce, associated: associatedOf(slot) });
  if (dataKey === undefined) throw damaged(slotName(slot.id), 'the key in it is not authentic');
  return dataKey;
}

function associatedOf(identity: SlotIdentity): Buffer {
  return Buffer.from(`${identity.repository}/${identity.id}`, 'utf8');
}
