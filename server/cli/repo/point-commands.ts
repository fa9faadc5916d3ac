import type { Command } from 'commander';
import { type RepoCommandDeps, withRepoOptions } from './repo-options.ts';

export function registerPointCommands(repo: Command, deps: RepoCommandDeps): void {
  withRepoOptions(repo.command('points').description('restore points, oldest first')).action(
    async (_options, command: Command) =>
      (await import('./list-points.ts')).points(deps, command.optsWithGlobals()),
  );
  withRepoOptions(repo.command('put').argument('<image>', 'raw disk image'))
    .description('backs an image up as a new restore point')
    .option(
      '--ranges <file>',
      'JSON [{offset, length, cleared?}]: what changed since the newest point of this resource',
    )
    .option('--resource <name>', 'name of the resource (default: name of the image file)')
    .option('--force', 'also when another installation owns the repository')
    .action(async (image: string, _options, command: Command) =>
      (await import('./put-image.ts')).put(deps, image, command.optsWithGlobals()),
    );
  withRepoOptions(
    repo
      .command('get')
      .argument('<point>', 'id, or its beginning, or `latest`')
      .argument('<file>', 'image to write'),
  )
    .description('writes a disk of a restore point into a sparse file')
    .option('--disk <n>', 'which disk, from 0 on', '0')
    .option('--format <format>', 'raw or vhd (fixed)', 'raw')
    .option('--force', 'overwrites the file')
    .action(async (point: string, file: string, _options, command: Command) =>
      (await import('./get-image.ts')).get(deps, { point, file }, command.optsWithGlobals()),
    );
  withRepoOptions(repo.command('forget').argument('<points...>', 'ids or their beginnings'))
    .description('deletes restore points; `collect` then frees their space')
    .option('--force', 'also when another installation owns the repository')
    .action(async (ids: string[], _options, command: Command) =>
      (await import('./forget-points.ts')).forget(deps, ids, command.optsWithGlobals()),
    );
}
