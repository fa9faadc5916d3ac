import type { Command } from 'commander';
import { type RepoCommandDeps, withRepoOptions } from './repo-options.ts';

export function registerKeyCommands(repo: Command, deps: RepoCommandDeps): void {
  const keys = repo.command('keys').description('passwords and keys that open the repository');
  withRepoOptions(keys.command('list').description('key slots')).action(async (_options, command: Command) =>
    (await import('./list-keys.ts')).listKeys(deps, command.optsWithGlobals()),
  );
  // Here --key-vault-key names the new key: the repository is opened with a password or a key it has already.
  withRepoOptions(
    keys
      .command('add')
      .description('one more password, or a new key file, or (--key-vault-key) a Key Vault key'),
  )
    .option('--new-password-file <file>', '`-` reads standard input')
    .option('--new-password-env <name>', 'variable that holds the new password')
    .option('--new-key-file <file>', 'makes this file, which opens the repository without a password')
    .option('--label <text>', 'what the slot is called', '')
    .option('--force', 'also when another installation owns the repository')
    .action(async (_options, command: Command) =>
      (await import('./add-key.ts')).addKey(deps, command.optsWithGlobals()),
    );
  withRepoOptions(keys.command('remove').argument('<slot>', 'id, or its beginning'))
    .description('takes a password or key away')
    .option('--force', 'also when another installation owns the repository')
    .action(async (slot: string, _options, command: Command) =>
      (await import('./remove-key.ts')).removeKey(deps, slot, command.optsWithGlobals()),
    );
}
