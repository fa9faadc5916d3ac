import { type Connection, getVirtualMachineState } from '../../azure/index.ts';
import {
  AppError,
  type FileRestorePlan,
  type FileSelection,
  type ParsedInput,
} from '../../contract/index.ts';
import { type MachineRecord, type PointRecord, resourceKey } from '../../db/index.ts';
import { newId } from '../../domain/index.ts';
import type { FileService } from '../../files/index.ts';
import { isoNow, type OrchestratorContext } from '../context.ts';
import type { SessionRunner } from '../sessions/index.ts';
import { type Placement, placeItems } from './guest-placement.ts';
import type { FileRestoreInput } from './restore-input.ts';

/** Files back into the machine they came from. */
export interface FileRestoreService {
  plan(input: ParsedInput<'files.restorePlan'>, signal: AbortSignal): Promise<FileRestorePlan>;
  /** Answers the session's id. Throws `plan-expired`, and `conflict` with the first refusal of the plan. */
  start(planId: string): string;
}

export interface FileRestoreDeps {
  readonly context: OrchestratorContext;
  readonly sessions: SessionRunner;
  connect(accountId: string): Promise<Connection>;
  /** An open file recovery session; throws when it is not open. */
  use(sessionId: string): { readonly point: PointRecord; readonly service: FileService };
}

interface KeptPlan {
  readonly plan: FileRestorePlan;
  readonly input: FileRestoreInput | null;
}

/** What a machine has may change; a plan is good for half an hour. */
const planLifeMs = 30 * 60_000;
const mostPlans = 100;
/** More entries than this take a machine longer than its agent allows. */
const mostEntries = 200_000;

export function createFileRestoreService(deps: FileRestoreDeps): FileRestoreService {
  const { context, sessions } = deps;
  const plans = new Map<string, KeptPlan>();
  const keep = (kept: KeptPlan): FileRestorePlan => {
    plans.set(kept.plan.id, kept);
    for (const [id] of plans) if (plans.size > mostPlans) plans.delete(id);
    return kept.plan;
  };
  return {
    plan: async (input, signal) => keep(await makePlan(deps, input, signal)),
    start(planId) {
      const { plan, input } = usable(plans.get(planId), isoNow(context));
      const session = sessions.start({
        kind: 'file-restore',
        title: `Put files back into ${plan.resourceName}`,
        input,
        exclusiveKey: `guest|${resourceKey(plan.resourceId)}`,
        busyMessage: `Files are being put back into ${plan.resourceName} already.`,
        resourceId: plan.resourceId,
        resourceName: plan.resourceName,
      });
      plans.delete(planId);
      return session.id;
    },
  };
}

function usable(
  kept: KeptPlan | undefined,
  now: string,
): { readonly plan: FileRestorePlan; readonly input: FileRestoreInput } {
  if (kept === undefined || kept.plan.expiresAt < now)
    throw new AppError('plan-expired', {
      message: 'This plan has expired.',
      hint: 'Make a new plan; it shows how things are now.',
    });
  const { plan, input } = kept;
  if (input !== null && plan.refusals.length === 0) return { plan, input };
  throw new AppError('conflict', {
    message: plan.refusals[0] ?? 'This plan cannot run.',
    hint: 'Change the selection or the target.',
  });
}

async function makePlan(
  deps: FileRestoreDeps,
  input: ParsedInput<'files.restorePlan'>,
  signal: AbortSignal,
): Promise<KeptPlan> {
  const { context } = deps;
  const { host, database } = context;
  const { point, service } = deps.use(input.sessionId);
  const machine = database.machines.find(point.resourceId);
  const placement = placeItems(input.items, input.target, await service.volumes(signal));
  const counted = await count(service, input.items, signal);
  const refusals = [
    ...(await machineRefusals(deps, machine, point, signal)),
    ...placement.refusals,
    ...(counted.tooMany
      ? [`More than ${mostEntries} entries cannot go back at once: restore the disk, or choose less.`]
      : []),
  ];
  const { files, folders, bytes } = counted;
  const plan: FileRestorePlan = {
    id: newId(host.random),
    expiresAt: new Date(host.clock.now() + planLifeMs).toISOString(),
    sessionId: input.sessionId,
    resourceId: point.resourceId,
    resourceName: machine?.name ?? point.resourceName,
    target: input.target,
    existing: input.existing,
    files,
    folders,
    bytes,
    places: placement.places.map(({ from, to }) => ({ from, to })),
    notes: notesOf(input),
    refusals,
  };
  return { plan, input: machine === null ? null : sessionInput(input, { machine, point, placement, bytes }) };
}

function sessionInput(
  { sessionId, existing }: ParsedInput<'files.restorePlan'>,
  found: {
    readonly machine: MachineRecord;
    readonly point: PointRecord;
    readonly placement: Placement;
    readonly bytes: number;
  },
): FileRestoreInput {
  const { machine, point, placement, bytes } = found;
  return {
    accountId: machine.accountId,
    pointId: point.id,
    fromSessionId: sessionId,
    vmId: machine.resourceId,
    vmName: machine.name,
    region: machine.region,
    existing,
    groups: placement.groups.map(({ folder, items, source }) => ({ folder, items: [...items], source })),
    bytes,
  };
}

/** Why nothing can be put into this machine now. */
async function machineRefusals(
  { connect }: FileRestoreDeps,
  machine: MachineRecord | null,
  point: PointRecord,
  signal: AbortSignal,
): Promise<string[]> {
  const gone = `${point.resourceName} does not exist any more: download the files, or restore the machine.`;
  if (machine === null) return [gone];
  if (machine.os === 'windows')
    return [`Files cannot be put into a Windows machine: download them, and copy them into ${machine.name}.`];
  const state = await getVirtualMachineState(await connect(machine.accountId), machine.resourceId, signal);
  if (state === null) return [gone];
  return state.power === 'running' ? [] : [`${machine.name} is not running: start it first.`];
}

async function count(
  service: FileService,
  items: FileSelection,
  signal: AbortSignal,
): Promise<{ files: number; folders: number; bytes: number; tooMany: boolean }> {
  const total = { files: 0, folders: 0, bytes: 0, tooMany: false };
  for await (const batch of service.walk(items, signal)) {
    for (const { kind, sizeBytes } of batch) {
      if (kind === 'directory') total.folders += 1;
      else total.files += 1;
      if (kind === 'file') total.bytes += sizeBytes;
    }
    total.tooMany = total.files + total.folders > mostEntries;
    if (total.tooMany) break;
  }
  return total;
}

function notesOf({ existing, target }: ParsedInput<'files.restorePlan'>): string[] {
  return [
    existing === 'keep'
      ? 'Files that are in the machine already stay as they are.'
      : 'Files that are in the machine already are replaced, each at once when its new content is whole. Files that the restore point lacks stay.',
    ...(target.kind === 'original' ? ['Folders that are missing are made again as they were.'] : []),
    'Owners, permissions, times and symbolic links are kept; access control lists, other extended attributes and hard links are not.',
    'The machine’s agent runs a script as root, which fetches the files from the storage of workers in its region; they are deleted there at the end.',
  ];
}
