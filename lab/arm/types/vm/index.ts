/** Virtual machines: their rules, their capacity, and the machines behind them. */
export { virtualMachines } from './virtual-machines.ts';
export { capacityRoutes, vmType } from './vm-capacity.ts';
export { rememberEnded, restartMachines } from './vm-machine.ts';
export {
  createMetadataServices,
  type MetadataServices,
  stableGuid,
  wantsOwnIdentity,
} from './vm-metadata.ts';
