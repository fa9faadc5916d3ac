/**
 * Resource Manager of the lab: what Azure's answers to the console's calls would be, with its checks, long-running
 * operations, limits and error bodies. Shapes follow Microsoft's specifications (`../specs`).
 */
export { type ArmServiceOptions, type BodyCheck, createArmService } from './arm-service.ts';
export { createBodyCheck } from './body-check.ts';
export type { ArmDeps, EstateFacts, Route } from './call.ts';
export { settleInterrupted } from './interrupted.ts';
export { createOperations, type Operations, type Timing } from './operations.ts';
export type { Resource, ResourceGroup } from './resource.ts';
export { createResourceStore, emptyStore, type ResourceStore, type StoreContents } from './resource-store.ts';
export { armRoutes } from './routes.ts';
export { seedStore } from './seed-store.ts';
export { createThrottle, type Throttle } from './throttle.ts';
export { openPorts } from './types/network/index.ts';
export {
  createMetadataServices,
  type MetadataServices,
  rememberEnded,
  restartMachines,
} from './types/vm/index.ts';
