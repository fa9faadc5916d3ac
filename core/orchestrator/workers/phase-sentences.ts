import type { WorkerEvent } from './port.ts';

/** What a worker is about, as the operator reads it. */
export const phaseSentences: Readonly<Record<Extract<WorkerEvent, { type: 'phase' }>['phase'], string>> = {
  preparing: 'Preparing a worker.',
  launching: 'Starting a worker.',
  booting: 'The worker is booting.',
  working: 'The worker has begun.',
  removing: 'Removing the worker.',
};
