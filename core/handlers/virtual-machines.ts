import { AppError, type VirtualMachine, type vmProcedures } from '../contract/index.ts';
import { type MachineRecord, resourceKey } from '../db/index.ts';
import { protectionOf } from '../domain/index.ts';
import type { HandlerContext, Handlers } from './handler.ts';
import { shownPoints } from './restore-points.ts';

export function vmHandlers(context: HandlerContext): Handlers<keyof typeof vmProcedures> {
  const { database } = context;
  return {
    'vm.list': () => ({ vms: listMachines(context), syncedAt: database.settings.get('synced-at') }),
    async 'vm.get'({ resourceId }, signal) {
      const machine = database.machines.find(resourceId);
      if (!machine) {
        throw new AppError('not-found', {
          message: 'There is no such virtual machine in the list.',
          hint: 'Synchronize, and check that an account sees its subscription.',
        });
      }
      const points = database.points.list({ resourceId });
      const sessions = database.sessions.list({ resourceId, limit: 50 });
      return {
        vm: shown(machine, protectionOf(machine.refusal, points, sessions)),
        points: shownPoints(context, points),
        network: await context.network(machine, signal),
      };
    },
  };
}

/** All machines with how well they are protected; points and sessions are read once for all. */
export function listMachines({ database }: HandlerContext): VirtualMachine[] {
  const points = Map.groupBy(database.points.list({}), ({ resourceId }) => resourceKey(resourceId));
  const sessions = Map.groupBy(database.sessions.list({ limit: 500 }), ({ resourceId }) =>
    resourceKey(resourceId ?? ''),
  );
  return database.machines.list().map((machine) => {
    const key = resourceKey(machine.resourceId);
    return shown(machine, protectionOf(machine.refusal, points.get(key) ?? [], sessions.get(key) ?? []));
  });
}

function shown(machine: MachineRecord, protection: VirtualMachine['protection']): VirtualMachine {
  const { refusal: _, ...fields } = machine;
  return { ...fields, protection };
}
