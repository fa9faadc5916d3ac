export { FatTable } from './cluster-chain.ts';
export { fatTime } from './fat-times.ts';
export { openFat } from './open-fat.ts';
