/**
 * Managed disks of the lab: copy-on-write bytes of disks and snapshots with true differences between them, and the
 * https endpoint behind their SAS URLs. Facts: Azure's "incremental snapshots", "direct upload" and Get Page Ranges pages.
 */
export { DiskError } from './disk-error.ts';
export type { DiskImage } from './disk-image.ts';
export { type DiskPlaneOptions, type LabDiskPlane, openDiskPlane } from './open-disk-plane.ts';
export { makeVhdFooter, vhdFooterProblem } from './vhd-footer.ts';
