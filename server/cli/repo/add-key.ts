import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../../../core/contract/index.ts';
import {
  type AddKeySlotOptions,
  addKeySlot,
  listKeySlots,
  newKeyFile,
  type Repository,
} from '../../../core/engine/index.ts';
import { readSecret } from '../secret-input.ts';
import { createKeyFile } from './key-file.ts';
import { printResult } from './print-result.ts';
import { requireUnowned, withRepository } from './repo-context.ts';
import { neededLogin } from './repo-login.ts';
import type { RepoCommandDeps, RepoOptions } from './repo-options.ts';

interface AddOptions extends RepoOptions {
  readonly newPasswordFile?: string;
  readonly newPasswordEnv?: string;
  readonly newKeyFile?: string;
  readonly label: string;
}

export async function addKey(deps: RepoCommandDeps, options: AddOptions): Promise<void> {
  const { keyVaultKey, newKeyFile: path, ...opening } = options;
  requireOneNewWay(options);
  await withRepository(deps, opening, async (repository) => {
    await requireUnowned(repository, options);
    const { label } = options;
    if (path !== undefined) return addKeyFile(deps, repository, { ...opening, path });
    const unlock =
      keyVaultKey === undefined ? await newPassword(deps, options) : await newKey(deps, options, keyVaultKey);
    const id = await addKeySlot(repository, { unlock, label, signal: deps.io.signal });
    printResult(deps.io, options, { id }, () => `Added the key slot ${id.slice(0, 12)}.\n`);
  });
}

function requireOneNewWay({ newPasswordFile, newPasswordEnv, newKeyFile, keyVaultKey }: AddOptions): void {
  const ways = [newPasswordFile ?? newPasswordEnv, newKeyFile, keyVaultKey];
  if (ways.filter((way) => way !== undefined).length <= 1) return;
  throw new AppError('invalid-input', {
    message: 'Give one new password, key file or Key Vault key at a time.',
    details: { field: 'new-key-file' },
  });
}

/** The file is on the drive before there is a slot that only it opens, and goes again when there is none. */
async function addKeyFile(
  { io }: RepoCommandDeps,
  repository: Repository,
  options: AddOptions & { readonly path: string },
): Promise<void> {
  const keyFile = newKeyFile(repository);
  const path = resolve(options.path);
  await createKeyFile(path, keyFile);
  try {
    const unlock = { kind: 'key-file', keyFile } as const;
    await addKeySlot(repository, { unlock, label: options.label, signal: io.signal });
  } catch (thrown) {
    if (!(await mayBeStored(repository, keyFile.slot))) await rm(path, { force: true });
    throw thrown;
  }
  const id = keyFile.slot;
  printResult(io, options, { id, keyFile: path }, () => addedFile(id, path));
}

/** An answer that was lost on its way does not mean that nothing was written. */
async function mayBeStored(repository: Repository, slotId: string): Promise<boolean> {
  const slots = await listKeySlots(repository).catch(() => undefined);
  return slots === undefined || slots.some(({ id }) => id === slotId);
}

function addedFile(id: string, path: string): string {
  return [
    `Added the key slot ${id.slice(0, 12)}, which ${path} opens.\n`,
    'Whoever has the file can read every backup here. Keep the password as well, for the day the file is lost.\n',
  ].join('');
}

type NewUnlock = AddKeySlotOptions['unlock'];

async function newPassword(deps: RepoCommandDeps, options: AddOptions): Promise<NewUnlock> {
  const sources = {
    file: options.newPasswordFile,
    variable: options.newPasswordEnv,
    question: 'New password',
    options: '--new-password-file or --new-password-env',
    field: 'new password',
    confirm: true,
  };
  return { kind: 'password', password: await readSecret(sources, deps.io) };
}

async function newKey(deps: RepoCommandDeps, options: AddOptions, keyId: string): Promise<NewUnlock> {
  const login = await neededLogin(deps.io, options, deps.logIn)('A Key Vault key');
  return { kind: 'key-wrap', keyWrap: await login.openKey(keyId, deps.io.signal) };
}
