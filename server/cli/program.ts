import os from 'node:os';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { type AppError, toAppError } from '../../core/contract/index.ts';
import { defaultDataDirectory } from '../host/default-data-directory.ts';
import type { CliIo } from './cli-io.ts';
import type { CommandContext } from './command-context.ts';
import { registerAccountCommands } from './commands/account-commands.ts';
import { registerBackupCommands } from './commands/backup-commands.ts';
import { registerOverviewCommands } from './commands/overview-commands.ts';
import { registerRepositoryCommands } from './commands/repository-commands.ts';
import { registerRestoreCommand } from './commands/restore-commands.ts';
import { registerServeCommands } from './commands/serve-commands.ts';
import { registerSessionCommands } from './commands/session-commands.ts';
import { exitCodeHelp, exitCodeOf, exitCodes } from './exit-codes.ts';
import { registerFilesCommands } from './files/register-files-commands.ts';
import { printable } from './format.ts';
import type { CoreSource } from './open-core.ts';
import { registerRepoCommands } from './repo/register-repo-commands.ts';

/** Runs one `cairn` command. Resolves with its exit code; never rejects. */
export async function runCli(args: readonly string[], source: CoreSource): Promise<number> {
  const program = createProgram(source);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.invalidInput;
    const appError = toAppError(error);
    printError(source.io, appError, args.includes('--json'));
    return exitCodeOf(appError.code);
  }
}

function createProgram(source: CoreSource): Command {
  const { io, installation } = source;
  const context: CommandContext = {
    io,
    openCore: async (options, signal) => (await import('./open-core.ts')).openCore(source, options, signal),
  };
  const program = new Command('cairn')
    .description('Backup and recovery for Microsoft Azure')
    .version(installation.version, '-V, --version')
    .option('--json', 'prints one JSON document instead of text; errors too, on standard error')
    .option('--data-directory <folder>', 'database, secrets and settings', ownDataDirectory(source))
    .option('--cloud <name>', 'AzureCloud, AzureUSGovernment, AzureChinaCloud or the path of a cloud file')
    .addHelpText('after', exitCodeHelp)
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr });
  registerOverviewCommands(program, context);
  registerBackupCommands(program, context);
  registerRestoreCommand(program, context);
  registerSessionCommands(program, context);
  registerAccountCommands(program, context);
  registerRepositoryCommands(program, context);
  registerServeCommands(program, context, source);
  registerRepoCommands(program, { io, ...source.repo });
  registerFilesCommands(program, { io, context, ...source.repo, filesThreadUrl: source.filesThreadUrl });
  return program;
}

function ownDataDirectory({ io, installation }: CoreSource): string {
  if (installation.isClone && !io.environment['CAIRN_DATA'])
    return path.join(installation.root, '.cairn', 'data');
  return defaultDataDirectory({
    platform: process.platform,
    home: os.homedir(),
    environment: io.environment,
  });
}

function printError(io: CliIo, error: AppError, json: boolean): void {
  if (json) {
    io.stderr(`${JSON.stringify({ error: error.toRecord() })}\n`);
    return;
  }
  const field = error.details['field'];
  io.stderr(`error: ${field === undefined ? '' : `${field}: `}${printable(error.message)}\n`);
  const reason = error.code === 'internal' ? error.details['reason'] : undefined;
  if (reason !== undefined) io.stderr(`       ${printable(reason)}\n`);
  if (error.hint !== '') io.stderr(`       ${printable(error.hint)}\n`);
}
