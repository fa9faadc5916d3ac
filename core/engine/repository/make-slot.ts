import { AppError } from '../../contract/index.ts';
import { keyFileSlot } from '../format/key-file-slot.ts';
import { type KeySlot, keyWrapSlot, openSlot, type SlotIdentity } from '../format/key-slot.ts';
import { defaultPasswordCost, passwordSlot } from '../format/password-slot.ts';
import type { EngineDeps, KeyFile, Unlock } from '../model.ts';
import { randomId } from './random-id.ts';

export interface SlotOptions {
  readonly unlock: Exclude<Unlock, { kind: 'data-key' }>;
  readonly deps: EngineDeps;
  readonly repository: string;
  readonly passwordCost?: number;
  readonly label?: string;
  readonly signal?: AbortSignal;
}

/** The data key wrapped for one way to open the repository. A key file says which slot it is for. */
export async function makeSlot(options: SlotOptions, dataKey: Uint8Array): Promise<KeySlot> {
  const { unlock, deps, signal } = options;
  const identity: SlotIdentity = {
    id: unlock.kind === 'key-file' ? unlock.keyFile.slot : randomId(deps),
    repository: options.repository,
    label: options.label ?? '',
    createdAt: new Date(deps.clock()).toISOString(),
  };
  switch (unlock.kind) {
    case 'none':
      return openSlot(identity, dataKey);
    case 'key-wrap':
      return keyWrapSlot(identity, dataKey, { keyWrap: unlock.keyWrap, signal });
    case 'key-file':
      requireOwnFile(unlock.keyFile, options.repository);
      return keyFileSlot(identity, dataKey, { keyFile: unlock.keyFile, random: deps.random });
    case 'password':
      requirePassword(unlock.password);
      return passwordSlot(identity, dataKey, {
        password: unlock.password,
        costLog2: options.passwordCost ?? defaultPasswordCost,
        random: deps.random,
      });
  }
}

function requireOwnFile(keyFile: KeyFile, repository: string): void {
  if (keyFile.repository === repository) return;
  throw new AppError('invalid-input', {
    message: 'The key file was made for another repository.',
    hint: 'Make a new one.',
    details: { field: 'key-file', repository: keyFile.repository },
  });
}

function requirePassword(password: string): void {
  if (password.length > 0) return;
  throw new AppError('invalid-input', {
    message: 'The password must not be empty.',
    details: { field: 'password' },
  });
}
