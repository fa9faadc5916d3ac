/**
 * Virtual machines that boot: custom data is carried out as cloud-init would, by real processes that see the host's
 * files as their image and change only a copy. Needs Linux with namespaces and overlayfs; refuses clearly without.
 */

export { type LabVmPlane, openVmPlane, type VmPlaneOptions } from './open-vm-plane.ts';
export { openPublicFront, type PublicFront } from './public-front.ts';
