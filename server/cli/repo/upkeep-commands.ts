import type { Command } from 'commander';
import { registerCheckCommand } from './check-command.ts';
import { type RepoCommandDeps, withRepoOptions } from './repo-options.ts';

export function registerUpkeepCommands(repo: Command, deps: RepoCommandDeps): void {
  withRepoOptions(repo.command('init').description('creates a repository in an empty place'))
    .option('--no-encryption', 'anybody with access to the place can then read it')
    .action(async (_options, command: Command) =>
      (await import('./init-repository.ts')).init(deps, command.optsWithGlobals()),
    );
  withRepoOptions(
    repo.command('stats').description('what the repository holds and what of it is in use'),
  ).action(async (_options, command: Command) =>
    (await import('./repository-stats.ts')).stats(deps, command.optsWithGlobals()),
  );
  registerCheckCommand(repo, deps);
  withRepoOptions(repo.command('collect').description('frees what no restore point leads to'))
    .option('--dry-run', 'only says what would be freed')
    .option('--force', 'also when another installation owns the repository')
    .action(async (_options, command: Command) =>
      (await import('./collect-space.ts')).collect(deps, command.optsWithGlobals()),
    );
}
