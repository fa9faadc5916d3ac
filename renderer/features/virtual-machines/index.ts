/** Virtual machines: the list, and one machine with its restore points. */
export { VirtualMachinePage } from './virtual-machine-page.tsx';
export { VirtualMachinesPage } from './virtual-machines-page.tsx';
