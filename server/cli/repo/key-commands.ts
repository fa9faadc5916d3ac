import type { Command } from 'commander';
import {
  type AddKeySlotOptions,
  addKeySlot,
  listKeySlots,
  removeKeySlot,
} from '../../../core/engine/index.ts';
import { formatTable, formatTime } from '../format.ts';
import { readSecret } from '../secret-input.ts';
import { printResult } from './print-result.ts';
import {
  type RepoCommandDeps,
  type RepoOptions,
  requireUnowned,
  withRepoOptions,
  withRepository,
} from './repo-context.ts';
import { neededLogin } from './repo-login.ts';

export function registerKeyCommands(repo: Command, deps: RepoCommandDeps): void {
  const keys = repo.command('keys').description('passwords and keys that open the repository');
  withRepoOptions(keys.command('list').description('key slots')).action((_options, command: Command) =>
    list(deps, command.optsWithGlobals()),
  );
  // Here --key-vault-key names the new key: the repository is opened with a password or a key it has already.
  withRepoOptions(keys.command('add').description('one more password, or (--key-vault-key) a Key Vault key'))
    .option('--new-password-file <file>', '`-` reads standard input')
    .option('--new-password-env <name>', 'variable that holds the new password')
    .option('--label <text>', 'what the slot is called', '')
    .option('--force', 'also when another installation owns the repository')
    .action((_options, command: Command) => add(deps, command.optsWithGlobals()));
  withRepoOptions(keys.command('remove').argument('<slot>', 'id, or its beginning'))
    .description('takes a password or key away')
    .option('--force', 'also when another installation owns the repository')
    .action((slot: string, _options, command: Command) => remove(deps, slot, command.optsWithGlobals()));
}

async function list(deps: RepoCommandDeps, options: RepoOptions): Promise<void> {
  await withRepository(deps, options, async (repository) => {
    const slots = await listKeySlots(repository, deps.io.signal);
    printResult(deps.io, options, slots, () =>
      formatTable(
        ['Slot', 'Kind', 'Created', 'Label', 'Key'],
        slots.map((slot) => [
          slot.id.slice(0, 12),
          slot.kind,
          formatTime(slot.createdAt),
          slot.label,
          slot.keyId ?? '',
        ]),
      ),
    );
  });
}

interface AddOptions extends RepoOptions {
  readonly newPasswordFile?: string;
  readonly newPasswordEnv?: string;
  readonly label: string;
}

async function add(deps: RepoCommandDeps, options: AddOptions): Promise<void> {
  const { keyVaultKey, ...opening } = options;
  await withRepository(deps, opening, async (repository) => {
    await requireUnowned(repository, options);
    const unlock =
      keyVaultKey === undefined ? await newPassword(deps, options) : await newKey(deps, options, keyVaultKey);
    const id = await addKeySlot(repository, { unlock, label: options.label, signal: deps.io.signal });
    printResult(deps.io, options, { id }, () => `Added the key slot ${id.slice(0, 12)}.\n`);
  });
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

async function remove(deps: RepoCommandDeps, wanted: string, options: RepoOptions): Promise<void> {
  await withRepository(deps, options, async (repository) => {
    await requireUnowned(repository, options);
    const slots = await listKeySlots(repository, deps.io.signal);
    const id = slots.find((slot) => slot.id.startsWith(wanted))?.id ?? wanted;
    await removeKeySlot(repository, id, deps.io.signal);
    printResult(deps.io, options, { removed: id }, () => `Removed the key slot ${id.slice(0, 12)}.\n`);
  });
}
