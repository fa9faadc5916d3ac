import { AppError } from '../../contract/index.ts';
import type { BlobStore } from '../blob-store.ts';
import { decodeSlot, type KeySlot, unlockPasswordSlot } from '../format/key-slot.ts';
import type { Unlock } from '../model.ts';
import { listObjects } from './list-objects.ts';

export interface SlotRequest {
  readonly unlock: Exclude<Unlock, { kind: 'data-key' }>;
  /** Id of the repository. */
  readonly repository: string;
  readonly signal?: AbortSignal;
}

/**
 * The data key from the first slot that this unlock opens. A damaged slot is skipped as long as another one
 * opens; only when none does is its damage the answer.
 */
export async function unlockDataKey(store: BlobStore, request: SlotRequest): Promise<Uint8Array> {
  const { slots, failures } = await readSlots(store, request.repository, request.signal);
  for (const slot of slots) {
    const dataKey = await trySlot(slot, request, failures);
    if (dataKey !== undefined) return dataKey;
  }
  throw failures[0] ?? noSlotOpens(request.unlock);
}

export interface SlotsRead {
  readonly slots: readonly KeySlot[];
  /** Slots that cannot be read. */
  readonly failures: AppError[];
}

export async function readSlots(
  store: BlobStore,
  repository: string,
  signal?: AbortSignal,
): Promise<SlotsRead> {
  const slots: KeySlot[] = [];
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
  slot: KeySlot,
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
