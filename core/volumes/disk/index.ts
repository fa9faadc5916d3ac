export { CachedDisk, type CacheOptions } from './cached-disk.ts';
export { crc32c } from './crc32c.ts';
export {
  damaged,
  damagedBlocks,
  invalidInput,
  isUnreadable,
  notFound,
  notSupported,
  stopIfAborted,
} from './damage.ts';
export { DiskSlice } from './disk-slice.ts';
export { Fields } from './fields.ts';
export { guidText, uuidText } from './guid.ts';
export { ImageFile } from './image-file.ts';
export { MemoryDisk } from './memory-disk.ts';
export { type MovedBlock, MovedBlocksDisk } from './moved-blocks-disk.ts';
export { PatchedDisk } from './patched-disk.ts';
export type { ReadableDisk } from './readable-disk.ts';
