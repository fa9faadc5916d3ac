import { createHash, scrypt } from 'node:crypto';
import { AppError } from '../../contract/index.ts';
import { leastPasswordCost, mostPasswordCost, type SlotIdentity, type SlotOf } from './key-slot.ts';
import { sealKey, unsealKey } from './sealed-key.ts';

/** `docs/format.md`, section "Keys": the data key under a password that a person remembers. */
export const defaultPasswordCost = 17;
const scryptBlock = 8;

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
  const { key, verifier } = await stretch(wrap.password, salt, wrap.costLog2);
  return {
    cairn: 'key-slot',
    version: 1,
    ...identity,
    kind: 'password',
    costLog2: wrap.costLog2,
    salt: salt.toString('hex'),
    verifier,
    ...sealKey(dataKey, { key, identity, random: wrap.random }),
  };
}

/** The data key; undefined when this is not the slot's password; `damaged` when it is but the slot was changed. */
export async function unlockPasswordSlot(
  slot: SlotOf<'password'>,
  password: string,
): Promise<Uint8Array | undefined> {
  const { key, verifier } = await stretch(password, Buffer.from(slot.salt, 'hex'), slot.costLog2);
  if (verifier !== slot.verifier) return undefined;
  return unsealKey(slot, key);
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
  if (Number.isInteger(costLog2) && costLog2 >= leastPasswordCost && costLog2 <= mostPasswordCost) return;
  throw new AppError('invalid-input', {
    message: `The password cost must be a whole number from ${leastPasswordCost} to ${mostPasswordCost}.`,
    details: { field: 'passwordCost' },
  });
}
