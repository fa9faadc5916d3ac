/** The network resource types a VM needs. */
export { networkInterfaces } from './network-interfaces.ts';
export { networkSecurityGroups } from './network-security-groups.ts';
export { openPorts } from './open-ports.ts';
export { publicIPAddresses } from './public-ip-addresses.ts';
export { networkTypes } from './references.ts';
export { virtualNetworks } from './virtual-networks.ts';
