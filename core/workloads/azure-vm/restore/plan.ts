import { AppError } from '../../../contract/index.ts';
import type { WorkloadEnvironment } from '../../environment.ts';
import type { PlannedRestore, PlanRequest } from '../../restore-planning.ts';
import { readPointDocument } from '../document.ts';
import { planDisks } from './plan-disks.ts';
import { planNewMachine } from './plan-new-machine.ts';
import { planOriginal } from './plan-original.ts';
import { restoreInputSchema } from './state.ts';

/** Works out what a restore would create, replace and start, and what stands in its way. Changes nothing. */
export async function planRestore(
  env: WorkloadEnvironment,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<PlannedRestore> {
  const document = readPointDocument(request.document);
  const accountId =
    request.target.kind === 'original-vm' ? request.originalAccountId : request.target.accountId;
  if (accountId === null) throw outOfSight(document.configuration.summary.name);
  const context = { request, document, signal, connection: await env.connect(accountId) };
  const planned = await planTarget(context, accountId);
  const blocked = planned.notices.some(({ level }) => level === 'blocking');
  return { ...planned, input: blocked ? null : restoreInputSchema.parse(planned.input) };
}

function planTarget(context: Parameters<typeof planDisks>[0], accountId: string): Promise<PlannedRestore> {
  const { target } = context.request;
  switch (target.kind) {
    case 'disks':
      return planDisks(context, target);
    case 'new-vm':
      return planNewMachine(context, target);
    case 'original-vm':
      return planOriginal(context, accountId, target);
  }
}

function outOfSight(name: string): AppError {
  return new AppError('not-found', {
    message: `No account sees the subscription where ${name} was.`,
    hint: 'Add an account with access to that subscription, or restore to another place.',
  });
}
