import type { Command } from 'commander';
import { registerCatCommand } from './cat-command.ts';
import { registerDiffCommand } from './diff-command.ts';
import type { FilesCommandDeps } from './files-source.ts';
import { registerFindCommand } from './find-command.ts';
import { registerGetCommand } from './get-command.ts';
import { registerLsCommand } from './ls-command.ts';
import { registerFileSessionCommands } from './session-commands.ts';
import { registerStatCommand } from './stat-command.ts';

/** `cairn files`: the files inside of a restore point or of disk images, without restoring anything. */
export function registerFilesCommands(program: Command, deps: FilesCommandDeps): void {
  const files = program
    .command('files')
    .description('looks into restore points and disk images, and brings files out');
  registerLsCommand(files, deps);
  registerFindCommand(files, deps);
  registerStatCommand(files, deps);
  registerCatCommand(files, deps);
  registerGetCommand(files, deps);
  registerDiffCommand(files, deps);
  registerFileSessionCommands(files, deps.context);
}
