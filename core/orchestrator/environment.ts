import type { WorkloadEnvironment } from '../workloads/index.ts';
import type { AccountService } from './accounts/index.ts';
import type { OrchestratorContext } from './context.ts';
import { pointLedger, type RepositoryService } from './repositories/index.ts';
import { sessionResources } from './resources.ts';
import { phaseSentences, type WorkerEvent, type WorkerFleet } from './workers/index.ts';

export interface EnvironmentDeps {
  readonly context: OrchestratorContext;
  readonly accounts: AccountService;
  readonly repositories: RepositoryService;
  readonly fleet: WorkerFleet;
  readonly workerSizes: readonly string[];
}

/** What workloads see of the orchestrator. */
export function workloadEnvironment(deps: EnvironmentDeps): WorkloadEnvironment {
  const { context, accounts, repositories, fleet } = deps;
  const { database } = context;
  const connect = (accountId: string) => accounts.connect(accountId);
  return {
    installationId: context.installationId,
    connect,
    repository: (repositoryId) => repositories.access(repositoryId),
    points: pointLedger(context),
    resources: (session) => sessionResources({ database, connect }, session),
    async runTask(request, signal) {
      const { sessionId, purpose, subscriptionId, region, task, secrets } = request;
      const connection = await connect(request.accountId);
      return fleet.run(
        {
          sessionId,
          purpose,
          connection,
          subscriptionId,
          region,
          task,
          secrets,
          sizes: deps.workerSizes,
          network: null,
          onEvent: (event) => relay(event, request),
        },
        signal,
      );
    },
    async removeWorker(request, signal) {
      const connection = await connect(request.accountId);
      const { sessionId, purpose, subscriptionId, region } = request;
      await fleet.removeWorkers({ sessionId, purpose, subscriptionId, region, connection }, signal);
    },
  };
}

function relay(event: WorkerEvent, request: Parameters<WorkloadEnvironment['runTask']>[0]): void {
  if (event.type === 'progress') request.onProgress(event.progress);
  else if (event.type === 'log') request.onLog(event.level, event.text, event.details);
  else if (event.type === 'phase') request.onLog('info', phaseSentences[event.phase], {});
}
