import type { Command } from 'commander';
import type { FileKind } from '../../../core/contract/index.ts';
import { type FilesCommandDeps, withSourceOptions } from './files-source.ts';

/** For the help alone, so that it needs no schema; the compiler knows when one is missing. */
const kinds: Readonly<Record<FileKind, true>> = {
  file: true,
  directory: true,
  symlink: true,
  fifo: true,
  socket: true,
  'character-device': true,
  'block-device': true,
  other: true,
};

export function registerFindCommand(files: Command, deps: FilesCommandDeps): void {
  withSourceOptions(
    files
      .command('find')
      .argument('[text]', 'part of a name, or a pattern such as *.log or /etc/**/*.conf', ''),
  )
    .description('finds files by name, kind, size and time')
    .option('--in <path>', 'only below this folder', '/')
    .option('--type <kind>', Object.keys(kinds).join(', '))
    .option('--min-size <bytes>', 'such as 10k or 1.5M')
    .option('--max-size <bytes>')
    .option('--newer <time>', 'modified since a date (2026-11-01) or a time ago (12h, 7d)')
    .option('--older <time>')
    .option('--limit <n>', 'most results, up to 10000', '10000')
    .action(async (text: string, _options, command: Command) =>
      (await import('./find-files.ts')).find(deps, text, command.optsWithGlobals()),
    );
}
