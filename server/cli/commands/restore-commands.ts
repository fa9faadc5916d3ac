import { type Command, Option } from 'commander';
import { AppError, type RestorePlan, type Session } from '../../../core/contract/index.ts';
import { type CommandContext, print, withCore } from '../command-context.ts';
import { findPoint } from '../find.ts';
import { formatBytes, formatTable, printable } from '../format.ts';
import { restoreTarget, type TargetOptions } from '../restore-target.ts';
import { runSession } from '../run-session.ts';

interface RestoreOptions extends TargetOptions {
  readonly verify: boolean;
  readonly planOnly?: boolean;
  readonly confirm?: string;
}

export function registerRestoreCommand(program: Command, context: CommandContext): void {
  const { io } = context;
  declareOptions(program.command('restore')).action((wanted: string, own: RestoreOptions, command: Command) =>
    withCore(context, command, async (core, options) => {
      const point = await findPoint(core, wanted, io.signal);
      const target = await restoreTarget(core, point, own, io.signal);
      const input = { pointId: point.id, target, verify: own.verify };
      const plan = await core.call('restore.plan', input, io.signal);
      if (own.planOnly) return print(io, options, plan, () => planText(plan));
      io.stderr(planText(plan));
      refuseBlocked(plan, own.confirm);
      const start = { planId: plan.id, confirmation: own.confirm ?? null };
      const { sessionId } = await core.call('restore.start', start, io.signal);
      const session = await runSession(core, sessionId, io);
      print(io, options, { plan, session }, () => resultText(session));
    }),
  );
}

function declareOptions(command: Command): Command {
  const collect = (value: string, previous: readonly string[]) => [...previous, value];
  return command
    .argument('<point>', 'id of a restore point, its beginning, or VM@latest')
    .description('restores disks or a whole virtual machine; shows the plan, then runs it')
    .addOption(
      new Option('--to <what>', 'new stand-alone disks, a new machine, or the original place')
        .choices(['disks', 'new-vm', 'original'])
        .default('disks'),
    )
    .option('--subscription <name>', 'where to; the original one when left out')
    .option('--resource-group <name>', 'where to; the original one when left out')
    .option('--region <name>', 'where to; the original one when left out')
    .addOption(new Option('--zone <number>', 'availability zone').choices(['1', '2', '3']))
    .option('--disk <index=name>', 'disks: which one and its new name; may be given again', collect, [])
    .option('--sku <name>', 'disks: SKU of the new disks')
    .option('--name <name>', 'new-vm: its name')
    .option('--size <name>', 'new-vm: its size, e.g. Standard_D2s_v5')
    .option('--subnet <network/name>', 'new-vm: subnet')
    .option('--security-group <name>', 'new-vm: network security group')
    .option('--public-ip', 'new-vm: with a public IP address')
    .option('--start', 'new-vm, original: start the machine afterwards')
    .option('--no-verify', 'does not read the new disks back')
    .option('--plan-only', 'shows what would be done, and stops')
    .option('--confirm <text>', 'original: the text that the plan asks for');
}

function refuseBlocked(plan: RestorePlan, confirmation: string | undefined): void {
  const blocking = plan.notices.find((notice) => notice.level === 'blocking');
  if (blocking !== undefined) throw new AppError('conflict', { message: blocking.text, hint: blocking.hint });
  if (plan.confirmation !== null && plan.confirmation !== confirmation)
    throw new AppError('invalid-input', {
      message: 'This restore replaces disks of an existing machine and must be confirmed.',
      hint: `Run it again with --confirm "${plan.confirmation}".`,
      details: { field: 'confirm' },
    });
}

function planText(plan: RestorePlan): string {
  const rows = plan.items.map((item) => [item.action, item.type, item.name, item.detail]);
  const notices = plan.notices.map(
    (notice) => `${notice.level}: ${printable(notice.text)} ${printable(notice.hint)}\n`,
  );
  return `${formatTable(['DO', 'WHAT', 'NAME', ''], rows)}${notices.join('')}`;
}

function resultText(session: Session): string {
  if (session.result?.kind !== 'restore') return `${printable(session.title)}: ${session.state}.\n`;
  const { disks, replacedDisks, vmId } = session.result;
  const rows = disks.map((disk) => [
    disk.name,
    formatBytes(disk.sizeBytes),
    formatBytes(disk.writtenBytes),
    disk.verified ? 'verified' : 'not verified',
  ]);
  const table = formatTable(['DISK', 'SIZE#', 'WRITTEN#', 'CHECK'], rows);
  const machine = vmId === null ? '' : `Virtual machine ${vmId}\n`;
  return `${table}${machine}${replacedDisks.map((id) => `Replaced and kept: ${id}\n`).join('')}`;
}
