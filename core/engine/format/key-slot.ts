import { createHash, scrypt } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../contract/index.ts';
import { nonceLength, seal, unseal } from '../crypto/aead.ts';
import { keyLength } from '../crypto/repository-keys.ts';
import type { KeyWrap } from '../model.ts';
import { damaged } from './bytes.ts';
import { decodeCheckedText, encodeCheckedText } from './checked-text.ts';
import { isId, prefixes } from './names.ts';

/** `docs/format.md`, section "Key slots": each holds the data key, wrapped in its own way. */
const common = {
  cairn: z.literal('key-slot'),
  version: z.literal(1),
  id: z.string().refine(isId),
  /** Slots left behind by an unfinished creation belong to no repository and are ignored. */
  repository: z.string().refine(isId),
  label: z.string().max(200),
  createdAt: z.string().max(40),
};
const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));

/** 2^22 with r = 8 takes 4 GiB: more than that in a slot is an attack or damage, not a choice. */
const maxCostLog2 = 22;
export const defaultPasswordCost = 17;
const leastPasswordCost = 14;
const scryptBlock = 8;

const slotSchema = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('password'),
    costLog2: z.number().int().min(leastPasswordCost).max(maxCostLog2),
    salt: hex(32),
    verifier: hex(32),
    nonce: hex(nonceLength),
    wrapped: hex(keyLength + 16),
  }),
  z.object({ ...common, kind: z.literal('key-wrap'), keyId: z.string().max(500), wrapped: z.base64() }),
  z.object({ ...common, kind: z.literal('open'), dataKey: hex(keyLength) }),
]);
export type KeySlot = z.infer<typeof slotSchema>;
type SlotOf<K extends KeySlot['kind']> = Extract<KeySlot, { kind: K }>;

export interface SlotIdentity {
  readonly id: string;
  readonly repository: string;
  readonly label: string;
  readonly createdAt: string;
}

export function slotName(id: string): string {
  return prefixes.keys + id;
}

export function encodeSlot(slot: KeySlot): Uint8Array {
  return encodeCheckedText(slot);
}

export function decodeSlot(bytes: Uint8Array, object: string): KeySlot {
  const { json } = decodeCheckedText(bytes, object);
  const parsed = slotSchema.safeParse(json);
  if (!parsed.success || slotName(parsed.data.id) !== object) {
    throw damaged(object, 'its fields are malformed');
  }
  return parsed.data;
}

export interface PasswordWrap {
  readonly password: string;
  /** scrypt's N is two to this power; r = 8, p = 1. 17 takes 128 MiB and about half a second. */
  readonly costLog2: number;
  readonly random: (length: number) => Uint8Array;
}

export async function passwordSlot(
  identity: SlotIdentity,
  dataKey: Uint8Array,
  wrap: PasswordWrap,
): Promise<SlotOf<'password'>> {
  checkCost(wrap.costLog2);
  const salt = Buffer.from(wrap.random(32));
  const nonce = Buffer.from(wrap.random(nonceLength));
  const { key, verifier } = await stretch(wrap.password, salt, wrap.costLog2);
  const wrapped = Buffer.concat(seal(dataKey, { key, nonce, associated: associatedOf(identity) }));
  return {
    cairn: 'key-slot',
    version: 1,
    ...identity,
    kind: 'password',
    costLog2: wrap.costLog2,
    salt: salt.toString('hex'),
    verifier,
    nonce: nonce.toString('hex'),
    wrapped: wrapped.toString('hex'),
  };
}

export async function keyWrapSlot(
  identity: SlotIdentity,
  dataKey: Uint8Array,
  wrap: { readonly keyWrap: KeyWrap; readonly signal?: AbortSignal },
): Promise<SlotOf<'key-wrap'>> {
  const wrapped = Buffer.from(await wrap.keyWrap.wrap(dataKey, wrap.signal));
  const keyId = wrap.keyWrap.keyId;
  return {
    cairn: 'key-slot',
    version: 1,
    ...identity,
    kind: 'key-wrap',
    keyId,
    wrapped: wrapped.toString('base64'),
  };
}

export function openSlot(identity: SlotIdentity, dataKey: Uint8Array): SlotOf<'open'> {
  return {
    cairn: 'key-slot',
    version: 1,
    ...identity,
    kind: 'open',
    dataKey: Buffer.from(dataKey).toString('hex'),
  };
}

/** The data key; undefined when this is not the slot's password; `damaged` when it is but the slot was changed. */
export async function unlockPasswordSlot(
  slot: SlotOf<'password'>,
  password: string,
): Promise<Uint8Array | undefined> {
  const { key, verifier } = await stretch(password, Buffer.from(slot.salt, 'hex'), slot.costLog2);
  if (verifier !== slot.verifier) return undefined;
  const nonce = Buffer.from(slot.nonce, 'hex');
  const context = { key, nonce, associated: associatedOf(slot) };
  const dataKey = unseal(Buffer.from(slot.wrapped, 'hex'), context);
  if (dataKey === undefined) throw damaged(slotName(slot.id), 'the key in it is not authentic');
  return dataKey;
}

function associatedOf(identity: SlotIdentity): Buffer {
  return Buffer.from(`${identity.repository}/${identity.id}`, 'utf8');
}

/** 64 bytes of scrypt: the wrapping key, and what proves the password without revealing the key. */
function stretch(
  password: string,
  salt: Buffer,
  costLog2: number,
): Promise<{ key: Buffer; verifier: string }> {
  const cost = 2 ** costLog2;
  const options = { N: cost, r: scryptBlock, p: 1, maxmem: 128 * cost * scryptBlock + (1 << 20) };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 64, options, (error, derived) => {
      if (error !== null) reject(error);
      else {
        const verifier = createHash('sha256').update(derived.subarray(32)).digest('hex');
        resolve({ key: derived.subarray(0, 32), verifier });
      }
    });
  });
}

function checkCost(costLog2: number): void {
  if (Number.isInteger(costLog2) && costLog2 >= leastPasswordCost && costLog2 <= maxCostLog2) return;
  throw new AppError('invalid-input', {
    message: `The password cost must be a whole number from ${leastPasswordCost} to ${maxCostLog2}.`,
    details: { field: 'passwordCost' },
  });
}
