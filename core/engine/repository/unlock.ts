import { AppError } from '../../contract/index.ts';
import type { BlobStore } from '../blob-store.ts';
import { unlockKeyFileSlot } from '../format/key-file-slot.ts';
import { decodeSlot, type StoredSlot, slotName } from '../format/key-slot.ts';
import { unlockPasswordSlot } from '../format/password-slot.ts';
import type { KeyFile, Unlock } from '../model.ts';
import { listObjects } from './list-objects.ts';

export interface SlotRequest {
  readonly unlock: Exclude<Unlock, { kind: 'data-key' }>;
  /** Id of the repository. */
  readonly repository: string;
  readonly signal?: AbortSignal;
}

/**
 * The data key from the first slot that this unlock opens. A damaged slot is skipped as long as another one
 * opens; only when none does is its damage the answer. Of a key file, one slot is looked at: its own.
 */
export async function unlockDataKey(store: BlobStore, request: SlotRequest): Promise<Uint8Array> {
  const { unlock } = request;
  if (unlock.kind === 'key-file') return unlockByFile(store, unlock.keyFile, request);
  const { slots, failures } = await readSlots(store, request.repository, request.signal);
  for (const slot of slots) {
    const dataKey = await trySlot(slot, request, failures);
    if (dataKey !== undefined) return dataKey;
  }
  throw failures[0] ?? noSlotOpens(unlock);
}

async function unlockByFile(
  store: BlobStore,
  keyFile: KeyFile,
  { repository, signal }: SlotRequest,
): Promise<Uint8Array> {
  if (keyFile.repository !== repository) throw fileOpensNothing('was made for another repository', keyFile);
  const slot = await readSlot(store, keyFile.slot, signal);
  if (slot?.repository !== repository) throw fileOpensNothing('was taken out of the repository', keyFile);
  const dataKey = slot.kind === 'key-file' ? unlockKeyFileSlot(slot, keyFile) : undefined;
  if (dataKey !== undefined) return dataKey;
  throw fileOpensNothing('is not the one that its key slot was made with', keyFile);
}

async function readSlot(store: BlobStore, id: string, signal?: AbortSignal): Promise<StoredSlot | undefined> {
  const name = slotName(id);
  try {
    return decodeSlot(await store.get(name, undefined, signal), name);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not-found') return undefined;
    throw thrown;
  }
}

export interface SlotsRead {
  readonly slots: readonly StoredSlot[];
  /** Slots that cannot be read. */
  readonly failures: AppError[];
}

export async function readSlots(
  store: BlobStore,
  repository: string,
  signal?: AbortSignal,
): Promise<SlotsRead> {
  const slots: StoredSlot[] = [];
  const failures: AppError[] = [];
  for await (const { name } of listObjects(store, 'slot', signal)) {
    try {
      const slot = decodeSlot(await store.get(name, undefined, signal), name);
      if (slot.repository === repository) slots.push(slot);
    } catch (thrown) {
      keepDamage(thrown, failures);
    }
  }
  return { slots, failures };
}

async function trySlot(
  slot: StoredSlot,
  request: SlotRequest,
  failures: AppError[],
): Promise<Uint8Array | undefined> {
  const { unlock, signal } = request;
  try {
    if (unlock.kind === 'password' && slot.kind === 'password') {
      return await unlockPasswordSlot(slot, unlock.password);
    }
    if (unlock.kind === 'key-wrap' && slot.kind === 'key-wrap' && slot.keyId === unlock.keyWrap.keyId) {
      return await unlock.keyWrap.unwrap(Buffer.from(slot.wrapped, 'base64'), signal);
    }
  } catch (thrown) {
    keepDamage(thrown, failures);
    return undefined;
  }
  return slot.kind === 'open' ? Buffer.from(slot.dataKey, 'hex') : undefined;
}

function keepDamage(thrown: unknown, failures: AppError[]): void {
  if (!(thrown instanceof AppError) || thrown.code !== 'damaged') throw thrown;
  failures.push(thrown);
}

function noSlotOpens(unlock: SlotRequest['unlock']): AppError {
  if (unlock.kind === 'key-wrap') {
    return new AppError('wrong-password', {
      message: 'No key slot of the repository was made with this key.',
      hint: 'Choose the key that the repository was created with, or use a password.',
      details: { keyId: unlock.keyWrap.keyId },
    });
  }
  return new AppError('wrong-password', {
    message:
      unlock.kind === 'none' ? 'The repository is encrypted.' : 'The password does not open the repository.',
    hint: 'Enter the password that was set for this repository.',
  });
}

function fileOpensNothing(reason: string, { repository, slot }: KeyFile): AppError {
  return new AppError('wrong-password', {
    message: `The key file ${reason}.`,
    hint: 'Use the key file of this repository, or its password.',
    details: { repository, slot },
  });
}
