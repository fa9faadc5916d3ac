import type { Command } from 'commander';
import { AppError, type RestorePoint, type Session } from '../../../core/contract/index.ts';
import { type CommandContext, print, withCore } from '../command-context.ts';
import { findRepository, findVm } from '../find.ts';
import { formatBytes, formatTable, formatTime } from '../format.ts';
import { runSession } from '../run-session.ts';

export function registerBackupCommands(program: Command, context: CommandContext): void {
  const { io } = context;
  program
    .command('backup')
    .argument('<vm>', 'name, group/name or id of a virtual machine')
    .description('backs up one virtual machine now, all its disks')
    .option('--repository <name>', 'name or id; may be left out when there is only one')
    .option('--no-wait', 'prints the session and leaves it running in the server')
    .action((vmName: string, own: { repository?: string; wait: boolean }, command: Command) =>
      withCore(context, command, async (core, options) => {
        const vm = await findVm(core, vmName, io.signal);
        const repository = await findRepository(core, own.repository, io.signal);
        const input = { resourceId: vm.resourceId, repositoryId: repository.id };
        const { sessionId } = await core.call('backup.start', input, io.signal);
        if (!own.wait) return print(io, options, { sessionId }, () => `${sessionId}\n`);
        const session = await runSession(core, sessionId, io);
        const point = await core.call('point.get', { pointId: pointOf(session) }, io.signal);
        print(io, options, { session, point }, () => pointText(point));
      }),
    );
  program
    .command('points')
    .argument('[vm]', 'only those of this virtual machine')
    .description('restore points, newest first')
    .option('--repository <name>', 'only those in this repository')
    .action((vmName: string | undefined, own: { repository?: string }, command: Command) =>
      withCore(context, command, async (core, options) => {
        const all = await core.call('point.list', {}, io.signal);
        const repository =
          own.repository === undefined ? null : await findRepository(core, own.repository, io.signal);
        const points = all
          .filter((point) => vmName === undefined || isOf(point, vmName))
          .filter((point) => repository === null || point.repositoryId === repository.id)
          .sort((a, b) => b.takenAt.localeCompare(a.takenAt));
        // A machine that is gone can still have points, so only an unknown name without any is an error.
        if (points.length === 0 && vmName !== undefined) await findVm(core, vmName, io.signal);
        print(io, options, points, () => pointTable(points));
      }),
    );
}

function isOf(point: RestorePoint, vmName: string): boolean {
  return [point.resourceName, point.resourceId].some((name) => name.toLowerCase() === vmName.toLowerCase());
}

function pointOf(session: Session): string {
  if (session.result?.kind === 'backup') return session.result.pointId;
  throw new AppError('internal', { message: `Session ${session.id} made no restore point.` });
}

function pointText(point: RestorePoint): string {
  const stored = `read ${formatBytes(point.readBytes)}, stored ${formatBytes(point.storedBytes)}`;
  return `Restore point ${point.id} (${point.mode}) of ${point.resourceName}: ${stored}.\n`;
}

function pointTable(points: readonly RestorePoint[]): string {
  return formatTable(
    ['ID', 'MACHINE', 'TAKEN', 'MODE', 'STATE', 'DISKS#', 'SIZE#', 'READ#', 'STORED#', 'REPOSITORY'],
    points.map((point) => [
      point.id,
      point.resourceName,
      formatTime(point.takenAt),
      point.mode,
      point.state,
      String(point.disks.length),
      formatBytes(point.diskBytes),
      formatBytes(point.readBytes),
      formatBytes(point.storedBytes),
      point.repositoryName ?? '-',
    ]),
  );
}
