/** Builders and stand-ins of the host's ports, for tests only. */
export { instantClock, manualClock, systemClock } from './clocks.ts';
export { silentCloud, testHost } from './core-host.ts';
export { temporaryDirectory } from './directories.ts';
export { memorySecrets, seededRandom } from './hosts.ts';
export { LabConsole, labCloud, labHost, labTuning, trustLab } from './lab-console.ts';
export { LabPortal } from './lab-portal.ts';
