/** Launching workers, giving them a task each, and clearing up after them. */
export { createWorkerFleet } from './fleet.ts';
export { workerPlace } from './names.ts';
export { phaseSentences } from './phase-sentences.ts';
export * from './port.ts';
export { ensureWorkerGroup, ensureWorkerStorage, listWorkerStorage } from './worker-storage.ts';
