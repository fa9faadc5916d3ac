/** Launching workers, giving them a task each, and clearing up after them. */
import type { WorkerFleet, WorkerFleetDeps } from './port.ts';

export * from './port.ts';

export declare function createWorkerFleet(deps: WorkerFleetDeps): WorkerFleet;
