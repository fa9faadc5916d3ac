import { createHash } from 'node:crypto';

/**
 * The address of this computer that stands for a VM's own interface: one of 127.128.0.0/9, following from the VM's id.
 * What listens there is reached by the lab's public front only as far as security groups allow.
 */
export function loopbackAddressOf(vmId: string): string {
  const [first = 0, second = 0, third = 0] = createHash('sha256').update(vmId).digest();
  return `127.${128 + (first & 0x7f)}.${second}.${1 + (third % 254)}`;
}
