/**
 * Blob and queue service of the lab: real Azurite in a process of its own, with accounts that come and go, faults, and
 * the permission checks on tokens that Azurite does not make.
 */
export { type LabStoragePlane, openStoragePlane, type StoragePlaneOptions } from './open-storage-plane.ts';
