export { type FoundLogicalVolume, findLogicalVolumes } from './volume-groups.ts';
