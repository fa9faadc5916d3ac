/** Builders and stand-ins of the host's ports, for tests only. */
export { instantClock, jumpingClock, type ManualClock, manualClock, systemClock } from './clocks.ts';
export { testHost } from './core-host.ts';
export type { KillPoint } from './core-process.ts';
export { temporaryDirectory } from './directories.ts';
export { memorySecrets, seededRandom } from './hosts.ts';
export { type KillableCore, openKillableCore } from './killable-core.ts';
export {
  LabConsole,
  labCloud,
  labHost,
  labPassword,
  labTuning,
  type OpenLabConsole,
  openLabConsole,
  trustLab,
} from './lab-console.ts';
export { LabPortal } from './lab-portal.ts';
