/** Launching workers, giving them a task each, and clearing up after them. */
export { createWorkerFleet } from './fleet.ts';
export * from './port.ts';
