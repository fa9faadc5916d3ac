import { AppError } from '../../contract/index.ts';
import type { BlobStore } from '../blob-store.ts';
import { keyLength } from '../crypto/repository-keys.ts';
import { encodeSlot, type StoredSlot, slotName } from '../format/key-slot.ts';
import type { KeyFile, Repository, Unlock } from '../model.ts';
import { readHeader } from './inspect-repository.ts';
import { makeSlot } from './make-slot.ts';
import { type OpenRepository, opened } from './open-state.ts';
import { randomId } from './random-id.ts';
import { readSlots } from './unlock.ts';

/** One way to open the repository, without its secret. */
export interface KeySlotInfo {
  readonly id: string;
  /** `unknown`: a later build added it. */
  readonly kind: StoredSlot['kind'];
  readonly label: string;
  readonly createdAt: string;
  /** Of a `key-wrap` slot: which key. */
  readonly keyId: string | undefined;
}

export interface AddKeySlotOptions {
  readonly unlock: Extract<Unlock, { kind: 'password' | 'key-wrap' | 'key-file' }>;
  readonly label?: string;
  /** scrypt's N as a power of two, 14 to 22. Default 17. */
  readonly passwordCost?: number;
  readonly signal?: AbortSignal;
}

export async function listKeySlots(repository: Repository, signal?: AbortSignal): Promise<KeySlotInfo[]> {
  return slotsOf(repository.store, repository.header, signal);
}

/**
 * The same before the repository is open, to find out which key opens it. Whoever can write to the store can have
 * written these: nothing in them is proven until a slot has opened the repository.
 */
export async function inspectKeySlots(store: BlobStore, signal?: AbortSignal): Promise<KeySlotInfo[]> {
  const stored = await readHeader(store, signal);
  return stored === undefined ? [] : slotsOf(store, stored.header, signal);
}

async function slotsOf(
  store: BlobStore,
  { id: repository }: { readonly id: string },
  signal?: AbortSignal,
): Promise<KeySlotInfo[]> {
  const { slots } = await readSlots(store, repository, signal);
  return slots.map((slot) => ({
    id: slot.id,
    kind: slot.kind,
    label: slot.label,
    createdAt: slot.createdAt,
    keyId: slot.kind === 'key-wrap' ? slot.keyId : undefined,
  }));
}

/** A new secret for a slot that is not there yet: keep it, then `addKeySlot` with it. */
export function newKeyFile({ header, deps }: Repository): KeyFile {
  return { repository: header.id, slot: randomId(deps), secret: deps.random(keyLength) };
}

/** One more way to open the repository; nothing else is written. Gives the slot's id. */
export async function addKeySlot(repository: Repository, options: AddKeySlotOptions): Promise<string> {
  const state = opened(repository);
  requireEncrypted(state);
  const { deps, header, keys, store } = state;
  const slot = await makeSlot({ ...options, deps, repository: header.id }, keys.dataKey);
  await store.put(slotName(slot.id), encodeSlot(slot), options.signal);
  return slot.id;
}

/**
 * Takes a way to open the repository away. The data key stays the same: whoever copied it keeps it. `conflict`
 * for the last slot of a known kind, which would lock everybody out.
 */
export async function removeKeySlot(
  repository: Repository,
  slotId: string,
  signal?: AbortSignal,
): Promise<void> {
  const { slots } = await readSlots(repository.store, repository.header.id, signal);
  if (!slots.some((slot) => slot.id === slotId)) {
    throw new AppError('not-found', {
      message: `There is no key slot ${slotId.slice(0, 40)}.`,
      details: { slot: slotId.slice(0, 40) },
    });
  }
  if (!slots.some((slot) => slot.id !== slotId && slot.kind !== 'unknown')) {
    throw new AppError('conflict', {
      message: 'This is the only way left to open the repository.',
      hint: 'Add another password or key first.',
      details: { slot: slotId },
    });
  }
  await repository.store.delete(slotName(slotId), signal);
}

/** A new password in place of the one in `slotId`. The new slot is there before the old one goes. */
export async function changePassword(
  repository: Repository,
  change: AddKeySlotOptions & { readonly slotId: string },
): Promise<string> {
  const id = await addKeySlot(repository, change);
  await removeKeySlot(repository, change.slotId, change.signal);
  return id;
}

/** A slot with a secret on a repository that anybody can read would only pretend to protect it. */
function requireEncrypted(state: OpenRepository): void {
  if (state.header.encrypted) return;
  throw new AppError('not-supported', {
    message: 'The repository was created without encryption; a password cannot protect it afterwards.',
    hint: 'Create an encrypted repository and back up into it.',
  });
}
