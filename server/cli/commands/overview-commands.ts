import type { Command } from 'commander';
import type { VirtualMachine } from '../../../core/contract/index.ts';
import { type CommandContext, print, withCore } from '../command-context.ts';
import { formatBytes, formatPairs, formatTable, formatTime } from '../format.ts';
import { runSession } from '../run-session.ts';

export function registerOverviewCommands(program: Command, context: CommandContext): void {
  const { io } = context;
  program
    .command('status')
    .description('what is protected, and what is going on')
    .action((_options, command: Command) =>
      withCore(context, command, async (core, options) => {
        const overview = await core.call('overview.get', {}, io.signal);
        print(io, options, overview, () =>
          formatPairs([
            ['virtual machines', String(overview.vms.total)],
            ['  protected', String(overview.vms.protected)],
            ['repositories', String(overview.repositories)],
            ['restore points', String(overview.points)],
            ['disks in them', formatBytes(overview.protectedBytes)],
            ['stored', formatBytes(overview.storedBytes)],
            ['running sessions', String(overview.runningSessions.length)],
            ['last sync', formatTime(overview.syncedAt)],
          ]),
        );
      }),
    );
  program
    .command('vms')
    .description('virtual machines, and how well each is protected')
    .option('--unprotected', 'only those without a restore point')
    .action((own: { unprotected?: boolean }, command: Command) =>
      withCore(context, command, async (core, options) => {
        const { vms } = await core.call('vm.list', {}, io.signal);
        const shown = own.unprotected ? vms.filter((vm) => vm.protection.state === 'unprotected') : vms;
        print(io, options, shown, () => vmTable(shown));
      }),
    );
  program
    .command('sync')
    .description('reads subscriptions and virtual machines again')
    .action((_options, command: Command) =>
      withCore(context, command, async (core, options) => {
        const { sessionId } = await core.call('account.sync', {}, io.signal);
        const session = await runSession(core, sessionId, io);
        print(io, options, session, () => `${session.title}: done.\n`);
      }),
    );
}

function vmTable(vms: readonly VirtualMachine[]): string {
  return formatTable(
    ['NAME', 'GROUP', 'REGION', 'OS', 'DISKS#', 'SIZE#', 'STATE', 'POINTS#', 'LAST POINT'],
    vms.map((vm) => [
      vm.name,
      vm.resourceGroup,
      vm.region,
      vm.os,
      String(vm.disks.length),
      formatBytes(vm.diskBytes),
      vm.protection.state,
      String(vm.protection.points),
      formatTime(vm.protection.lastPointAt),
    ]),
  );
}
