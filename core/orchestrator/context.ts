import type { ConnectionOptions } from '../azure/index.ts';
import type { Database } from '../db/index.ts';
import type { CoreHost } from '../host.ts';
import type { EventHub } from './events.ts';

/** What every part of the orchestrator is made with. */
export interface OrchestratorContext {
  readonly host: CoreHost;
  readonly database: Database;
  readonly events: EventHub;
  readonly installationId: string;
  readonly connectionOptions: ConnectionOptions;
}

export function isoNow(context: Pick<OrchestratorContext, 'host'>): string {
  return new Date(context.host.clock.now()).toISOString();
}
