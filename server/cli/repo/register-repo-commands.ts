import type { Command } from 'commander';
import { registerKeyCommands } from './key-commands.ts';
import { registerPointCommands } from './point-commands.ts';
import type { RepoCommandDeps } from './repo-options.ts';
import { registerUpkeepCommands } from './upkeep-commands.ts';

/**
 * `cairn repo`: the way out on the worst day. A repository's address and its password are enough; there is no
 * console, no database and no account.
 */
export function registerRepoCommands(program: Command, deps: RepoCommandDeps): void {
  const repo = program
    .command('repo')
    .description('works on a repository by its address and password alone, without a console');
  registerPointCommands(repo, deps);
  registerUpkeepCommands(repo, deps);
  registerKeyCommands(repo, deps);
}
