import * as z from 'zod/mini';
import { nonceLength } from '../crypto/aead.ts';
import { keyLength } from '../crypto/repository-keys.ts';
import type { KeyWrap } from '../model.ts';
import { damaged } from './bytes.ts';
import { decodeCheckedText, encodeCheckedText } from './checked-text.ts';
import { isId, prefixes } from './names.ts';

/** `docs/format.md`, section "Keys": each slot holds the data key, wrapped in its own way. */
const common = {
  cairn: z.literal('key-slot'),
  version: z.literal(1),
  id: z.string().check(z.refine(isId)),
  /** Slots left behind by an unfinished creation belong to no repository and are ignored. */
  repository: z.string().check(z.refine(isId)),
  label: z.string().check(z.maxLength(200)),
  createdAt: z.string().check(z.maxLength(40)),
};
const hex = (bytes: number) => z.string().check(z.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)));

/** 2^22 with r = 8 takes 4 GiB: more than that in a slot is an attack or damage, not a choice. */
export const mostPasswordCost = 22;
export const leastPasswordCost = 14;

const sealedKey = { verifier: hex(32), nonce: hex(nonceLength), wrapped: hex(keyLength + 16) };
const kinds = [
  z.object({
    ...common,
    ...sealedKey,
    kind: z.literal('password'),
    costLog2: z.int().check(z.minimum(leastPasswordCost), z.maximum(mostPasswordCost)),
    salt: hex(32),
  }),
  z.object({ ...common, ...sealedKey, kind: z.literal('key-file') }),
  z.object({
    ...common,
    kind: z.literal('key-wrap'),
    keyId: z.string().check(z.maxLength(500)),
    wrapped: z.base64(),
  }),
  z.object({ ...common, kind: z.literal('open'), dataKey: hex(keyLength) }),
] as const;
const slotSchema = z.discriminatedUnion('kind', kinds);
const knownKinds: ReadonlySet<unknown> = new Set(kinds.flatMap(({ shape }) => shape.kind.def.values));
/** A way to open the repository that a later build added: whole, and passed over. */
const unknownSlotSchema = z.pipe(
  z.object({ ...common, kind: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}$/)) }),
  z.transform((slot) => ({ ...slot, kind: 'unknown' as const })),
);

export type KeySlot = z.infer<typeof slotSchema>;
export type SlotOf<K extends KeySlot['kind']> = Extract<KeySlot, { kind: K }>;
export type StoredSlot = KeySlot | z.infer<typeof unknownSlotSchema>;

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

export function decodeSlot(bytes: Uint8Array, object: string): StoredSlot {
  const { json } = decodeCheckedText(bytes, object);
  const schema = knownKinds.has(json['kind']) ? slotSchema : unknownSlotSchema;
  const parsed = schema.safeParse(json);
  if (!parsed.success || slotName(parsed.data.id) !== object) {
    throw damaged(object, 'its fields are malformed');
  }
  return parsed.data;
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
