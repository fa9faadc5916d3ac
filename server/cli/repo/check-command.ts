import type { Command } from 'commander';
import { type RepoCommandDeps, withRepoOptions } from './repo-options.ts';

export function registerCheckCommand(repo: Command, deps: RepoCommandDeps): void {
  withRepoOptions(
    repo.command('check').description('looks for anything that keeps a point from being restored'),
  )
    .option('--deep', 'opens every block')
    .option('--sample <percent>', 'opens the blocks of this part of the packs, such as 10%')
    .option('--without-key', 'names, sizes and public checksums only; asks for no password')
    .action(async (_options, command: Command) =>
      (await import('./run-check.ts')).check(deps, command.optsWithGlobals()),
    );
}
