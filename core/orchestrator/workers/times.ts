import type { WorkerFleetOptions } from './port.ts';

/** All periods of the fleet in milliseconds. */
export interface FleetTimes {
  readonly heartbeatMs: number;
  readonly workerSilenceMs: number;
  readonly bootTimeoutMs: number;
  readonly coreSilenceMs: number;
  readonly pollMs: number;
  /** Between two of core's signs of life. */
  readonly aliveMs: number;
  /** Between two looks at a silent worker's machine. */
  readonly vmCheckMs: number;
}

export function fleetTimes(options: WorkerFleetOptions = {}): FleetTimes {
  const heartbeatMs = options.heartbeatMs ?? 10_000;
  const coreSilenceMs = options.coreSilenceMs ?? 30 * 60_000;
  return {
    heartbeatMs,
    coreSilenceMs,
    workerSilenceMs: options.workerSilenceMs ?? 3 * 60_000,
    bootTimeoutMs: options.bootTimeoutMs ?? 12 * 60_000,
    pollMs: options.pollMs ?? 1000,
    aliveMs: Math.min(60_000, coreSilenceMs / 5),
    vmCheckMs: Math.max(heartbeatMs * 2, 1000),
  };
}
