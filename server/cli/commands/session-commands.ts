import type { Command } from 'commander';
import type { LogEntry, Session } from '../../../core/contract/index.ts';
import { type CommandContext, print, withCore } from '../command-context.ts';
import { formatBytes, formatTable, formatTime, printable } from '../format.ts';
import { progressText } from '../progress-bar.ts';
import { runSession } from '../run-session.ts';

interface ListOptions {
  readonly active?: boolean;
}

export function registerSessionCommands(program: Command, context: CommandContext): void {
  const { io } = context;
  program
    .command('sessions')
    .argument('[id]', 'one session with its steps and log')
    .description('what ran and what is running, newest first')
    .option('--active', 'only what is running')
    .option('--watch', 'with an id: waits until the session is over')
    .action((id: string | undefined, own: ListOptions & { watch?: boolean }, command: Command) =>
      withCore(context, command, async (core, options) => {
        if (id === undefined) {
          const input = own.active === undefined ? {} : { active: own.active };
          const sessions = await core.call('session.list', input, io.signal);
          return print(io, options, sessions, () => sessionTable(sessions));
        }
        if (own.watch) await runSession(core, id, io);
        const session = await core.call('session.get', { sessionId: id }, io.signal);
        const log = await core.call('session.log', { sessionId: id }, io.signal);
        print(io, options, { session, log }, () => sessionText(session, log));
      }),
    );
  program
    .command('cancel')
    .argument('<id>', 'a running session')
    .description('asks a session to stop, and waits until it has cleaned up')
    .action((id: string, _options, command: Command) =>
      withCore(context, command, async (core, options) => {
        await core.call('session.cancel', { sessionId: id }, io.signal);
        await runSession(core, id, io).catch(() => undefined);
        const session = await core.call('session.get', { sessionId: id }, io.signal);
        print(io, options, session, () => `${session.title}: ${session.state}.\n`);
      }),
    );
}

function sessionTable(sessions: readonly Session[]): string {
  return formatTable(
    ['ID', 'STARTED', 'ENDED', 'STATE', 'WHAT', 'PROGRESS'],
    sessions.map((session) => [
      session.id,
      formatTime(session.startedAt),
      formatTime(session.endedAt),
      session.state,
      session.title,
      session.endedAt === null ? progressText(session) : (session.error?.message ?? ''),
    ]),
  );
}

function sessionText(session: Session, log: readonly LogEntry[]): string {
  const steps = session.steps.map((step) => [step.state, step.title, formatTime(step.endedAt)]);
  const parts = [
    `${printable(session.title)}: ${session.state}\n`,
    formatTable(['STEP', '', 'ENDED'], steps),
    `${log.map((entry) => `${formatTime(entry.time)} ${entry.level.padEnd(7)} ${printable(entry.text)}`).join('\n')}\n`,
  ];
  if (session.error !== null)
    parts.push(`${printable(session.error.message)}\n${printable(session.error.hint)}\n`);
  if (session.result?.kind === 'restore') {
    const rows = session.result.disks.map((disk) => [
      disk.name,
      formatBytes(disk.sizeBytes),
      disk.verified ? 'verified' : 'not verified',
      disk.resourceId,
    ]);
    parts.push(formatTable(['DISK', 'SIZE#', 'CHECK', 'ID'], rows));
  }
  return parts.join('\n');
}
