/** The lab's estate: who can sign in, what resources exist, the disk images in them, and what guests do to their disks. */

export { addVmFromImage, FILE_IMAGE } from './add-vm.ts';
export {
  debianPackages,
  installDebianPackages,
  type PackageSet,
} from './debian-packages.ts';
export {
  type LabServicePrincipal,
  type LabUser,
  labKeyVault,
  labOperator,
  labPublicClient,
  labReader,
  labSubscriptions,
  labTenant,
  labUser,
} from './estate-directory.ts';
export { type EstateSize, estateSeed } from './estate-seed.ts';
export { type ActivityOptions, applyActivity, type DiskActivity } from './guest-activity.ts';
export { runGuestCommand } from './guest-command.ts';
export { type EstateImage, ensureImages } from './image-cache.ts';
export { type MakeDiskOptions, makeDisk } from './make-disk.ts';
export { managedDisks } from './managed-disks.ts';
