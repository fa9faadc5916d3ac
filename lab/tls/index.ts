/** The lab's certificate authority: everything in the lab speaks https, and clients trust this one root. */
export type { KeyAndCertificate } from './certificate.ts';
export { createLabAuthority, type LabAuthority, openLabAuthority } from './lab-authority.ts';
