import type { Command } from 'commander';
import type { FileRecovery, TakenFile, TakenItem } from '../../../core/contract/index.ts';
import type { Core } from '../../../core/host.ts';
import { type CommandContext, print, withCore } from '../command-context.ts';
import { findVm } from '../find.ts';
import { formatBytes, formatTable, formatTime, printable } from '../format.ts';
import { closeSession } from './console-session.ts';

/** `cairn files sessions | close | taken`: what the console has open, and what was taken out with it. */
export function registerFileSessionCommands(files: Command, context: CommandContext): void {
  const { io } = context;
  files
    .command('sessions')
    .description('restore points that are open in the console')
    .action((_options: unknown, command: Command) =>
      withCore(context, command, async (core, options) => {
        const open = await core.call('files.opened', {}, io.signal);
        print(io, options, open, () => sessionTable(open));
      }),
    );
  files
    .command('close')
    .argument('<session>', 'id of an open session')
    .description('closes an open restore point, and waits until nothing of it is left')
    .action((sessionId: string, _options: unknown, command: Command) =>
      withCore(context, command, async (core, options) => {
        await closeSession(core, sessionId);
        const session = await core.call('session.get', { sessionId }, io.signal);
        print(io, options, session, () => `${printable(session.title)}: ${session.state}.\n`);
      }),
    );
  registerTaken(files, context);
}

interface TakenOptions {
  readonly session?: string;
  readonly vm?: string;
  readonly limit: string;
  readonly sums?: string;
}

function registerTaken(files: Command, context: CommandContext): void {
  const { io } = context;
  files
    .command('taken')
    .description('what was taken out of restore points, by whom, newest first')
    .option('--session <id>', 'only over this session')
    .option('--vm <name>', 'only of this virtual machine')
    .option('--limit <number>', 'how many', '100')
    .option('--sums <id>', 'the files of one item that was saved as a folder, as sha256sum takes them')
    .action((own: TakenOptions, command: Command) =>
      withCore(context, command, async (core, options) => {
        if (own.sums !== undefined) {
          const sums = await allFiles(core, own.sums, io.signal);
          return print(io, options, sums, () => sumsText(sums));
        }
        const resourceId =
          own.vm === undefined ? {} : { resourceId: (await findVm(core, own.vm, io.signal)).resourceId };
        const session = own.session === undefined ? {} : { sessionId: own.session };
        const filter = { ...resourceId, ...session, limit: Number(own.limit) };
        const taken = await core.call('files.taken', filter, io.signal);
        print(io, options, taken, () => takenTable(taken));
      }),
    );
}

async function allFiles(core: Core, takenId: string, signal: AbortSignal): Promise<TakenFile[]> {
  const all: TakenFile[] = [];
  for (;;) {
    const page = await core.call('files.takenFiles', { takenId, after: all.at(-1)?.path ?? '' }, signal);
    if (page.length === 0) return all;
    all.push(...page);
  }
}

function sessionTable(open: readonly FileRecovery[]): string {
  return formatTable(
    ['SESSION', 'MACHINE', 'POINT TAKEN', 'ROAD', 'STATE', 'CLOSES'],
    open.map((recovery) => [
      recovery.sessionId,
      recovery.resourceName,
      formatTime(recovery.takenAt),
      recovery.road,
      recovery.state === 'opening' ? recovery.activity : recovery.state,
      formatTime(recovery.closesAt),
    ]),
  );
}

function takenTable(taken: readonly TakenItem[]): string {
  return formatTable(
    ['TIME', 'BY', 'MACHINE', 'WHAT', 'WAY', 'FILES#', 'BYTES#', 'OUTCOME', 'SHA-256', 'ID'],
    taken.map((item) => [
      formatTime(item.time),
      item.by,
      item.resourceName,
      `${item.volumeId}:${item.path}`,
      item.way,
      String(item.files),
      formatBytes(item.bytes),
      item.outcome,
      item.sha256 ?? '-',
      item.id,
    ]),
  );
}

function sumsText(files: readonly TakenFile[]): string {
  return files.map(({ sha256, path }) => `${sha256}  ${printable(path)}\n`).join('');
}
