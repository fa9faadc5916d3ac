import {
  type Connection,
  listNetworks,
  listRegions,
  listResourceGroups,
  listSizes,
} from '../../azure/index.ts';
import {
  AppError,
  type ParsedInput,
  type ProcedureOutput,
  type RestorePlan,
  type Session,
  toAppError,
} from '../../contract/index.ts';
import { type PointRecord, resourceKey, type SubscriptionRecord } from '../../db/index.ts';
import { newId } from '../../domain/index.ts';
import { azureVm, type WorkloadEnvironment } from '../../workloads/index.ts';
import { isoNow, type OrchestratorContext } from '../context.ts';
import { collectParts } from '../partial.ts';
import type { SessionRunner } from '../sessions/index.ts';

export interface RestoreService {
  places(pointId: string, signal: AbortSignal): Promise<ProcedureOutput<'restore.places'>>;
  networks(
    input: ParsedInput<'restore.networks'>,
    signal: AbortSignal,
  ): Promise<ProcedureOutput<'restore.networks'>>;
  sizes(input: ParsedInput<'restore.sizes'>, signal: AbortSignal): Promise<ProcedureOutput<'restore.sizes'>>;
  plan(input: ParsedInput<'restore.plan'>, signal: AbortSignal): Promise<RestorePlan>;
  start(input: ParsedInput<'restore.start'>): Session;
}

export interface RestoreDeps {
  readonly context: OrchestratorContext;
  readonly environment: WorkloadEnvironment;
  readonly sessions: SessionRunner;
  readonly workerSizes: readonly string[];
  connect(accountId: string): Promise<Connection>;
}

/** A plan is good for half an hour: names, quota and prices move. */
const planLifeMilliseconds = 30 * 60_000;

export function createRestoreService(deps: RestoreDeps): RestoreService {
  const { context, connect, sessions } = deps;
  const { database, host } = context;
  return {
    async places(pointId, signal) {
      pointOf(context, pointId);
      return collectParts(
        database.subscriptions.list(),
        (subscription) => placesOf(deps, subscription, signal),
        ({ name }, error) =>
          host.log('warning', `The places of ${name} were not read: ${toAppError(error).message}`),
      );
    },
    async networks({ accountId, subscriptionId, region }, signal) {
      const list = await listNetworks(await connect(accountId), { subscriptionId, region }, signal);
      return { subnets: [...list.subnets], securityGroups: [...list.securityGroups] };
    },
    async sizes({ accountId, subscriptionId, region }, signal) {
      const sizes = await listSizes(await connect(accountId), { subscriptionId, region }, signal);
      return sizes.map(({ name, cores, memoryGib, maxDataDisks, refusal }) => ({
        name,
        cores,
        memoryGib,
        maxDataDisks,
        refusal,
      }));
    },
    plan: (input, signal) => makePlan(deps, input, signal),
    start({ planId, confirmation }) {
      const { plan, facts } = usablePlan(context, planId, confirmation);
      const point = pointOf(context, plan.pointId);
      return sessions.start({
        kind: 'restore',
        title: titleOf(plan, point),
        input: facts,
        exclusiveKey: `vm|${resourceKey(point.resourceId)}`,
        busyMessage: `${point.resourceName} is being backed up or restored already.`,
        resourceId: point.resourceId,
        resourceName: point.resourceName,
        ...(point.repositoryId === null ? {} : { repositoryId: point.repositoryId }),
      });
    },
  };

  async function makePlan(
    { environment, workerSizes }: RestoreDeps,
    { pointId, target, verify }: ParsedInput<'restore.plan'>,
    signal: AbortSignal,
  ): Promise<RestorePlan> {
    const point = pointOf(context, pointId);
    const planId = newId(host.random);
    const planned = await azureVm.planRestore(
      environment,
      {
        planId,
        originalAccountId: accountSeeing(context, point),
        pointId,
        repositoryId: point.repositoryId ?? '',
        document: database.points.configuration(pointId),
        target,
        verify,
        workerSizes,
      },
      signal,
    );
    const { input, ...shown } = planned;
    const expiresAt = new Date(host.clock.now() + planLifeMilliseconds).toISOString();
    const plan: RestorePlan = { id: planId, pointId, target, verify, expiresAt, ...shown };
    database.plans.removeExpired(isoNow(context));
    database.plans.put(plan, input);
    return plan;
  }
}

async function placesOf(
  { connect }: RestoreDeps,
  { accountId, id, name }: SubscriptionRecord,
  signal: AbortSignal,
): Promise<ProcedureOutput<'restore.places'>[number]> {
  const connection = await connect(accountId);
  const [groups, regions] = await Promise.all([
    listResourceGroups(connection, id, signal),
    listRegions(connection, id, signal),
  ]);
  return {
    accountId,
    subscriptionId: id,
    subscriptionName: name,
    resourceGroups: groups.map((group) => ({ name: group.name, region: group.region })),
    regions: regions.map((region) => ({ name: region.name, displayName: region.displayName })),
  };
}

function pointOf({ database }: OrchestratorContext, pointId: string): PointRecord {
  const point = database.points.find(pointId);
  if (!point) {
    throw new AppError('not-found', {
      message: 'There is no such restore point.',
      hint: 'Look at the list again; it may have been removed.',
    });
  }
  if (point.state === 'ok') return point;
  throw new AppError(point.state === 'damaged' ? 'damaged' : 'not-found', {
    message:
      point.state === 'damaged'
        ? 'This restore point is damaged.'
        : 'This restore point is not in its repository any more.',
    hint: 'Choose another restore point.',
  });
}

function accountSeeing({ database }: OrchestratorContext, point: PointRecord): string | null {
  const subscriptionId = point.resourceId.split('/')[2]?.toLowerCase() ?? '';
  const seen = database.subscriptions.list().find(({ id }) => id.toLowerCase() === subscriptionId);
  return database.machines.find(point.resourceId)?.accountId ?? seen?.accountId ?? null;
}

function usablePlan(
  context: OrchestratorContext,
  planId: string,
  confirmation: string | null,
): { readonly plan: RestorePlan; readonly facts: unknown } {
  const found = context.database.plans.find(planId);
  if (!found || found.plan.expiresAt < isoNow(context)) {
    throw new AppError('plan-expired', {
      message: 'This restore plan has expired.',
      hint: 'Make a new plan; it shows how things are now.',
    });
  }
  const block = found.plan.notices.find(({ level }) => level === 'blocking');
  if (block) throw new AppError('conflict', { message: block.text, hint: block.hint });
  if (found.plan.confirmation !== null && confirmation?.trim() !== found.plan.confirmation) {
    throw new AppError('invalid-input', {
      message: `Type "${found.plan.confirmation}" to confirm that its disks are replaced.`,
      hint: 'Nothing was changed.',
      details: { field: 'confirmation' },
    });
  }
  return found;
}

function titleOf(plan: RestorePlan, point: PointRecord): string {
  switch (plan.target.kind) {
    case 'disks':
      return `Restore disks of ${point.resourceName}`;
    case 'new-vm':
      return `Restore ${point.resourceName} as ${plan.target.name}`;
    case 'original-vm':
      return `Restore ${point.resourceName} to its original place`;
  }
}
