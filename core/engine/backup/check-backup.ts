import { AppError } from '../../contract/index.ts';
import { fanout, maxMapLevel } from '../format/map-node.ts';
import type { BackupOptions } from '../model.ts';

const largestDisk = Math.min(Number.MAX_SAFE_INTEGER, 64 * 1024 * fanout ** (maxMapLevel + 1));

/** `invalid-input` with the field's name for what the engine cannot keep. */
export function checkBackup(options: BackupOptions): void {
  if (options.disks.length === 0) throw refused('disks', 'A restore point needs at least one disk.');
  const ids = new Set<string>();
  for (const disk of options.disks) {
    const sizeKnown = Number.isSafeInteger(disk.size) && disk.size > 0 && disk.size <= largestDisk;
    if (!sizeKnown) throw refused('size', `The size of the disk "${disk.name}" is not usable.`);
    if (ids.has(disk.id)) throw refused('disks', `The disk "${disk.id}" is named twice.`);
    ids.add(disk.id);
  }
  for (const field of ['readConcurrency', 'uploadConcurrency', 'packTarget'] as const) {
    const value = options[field];
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 1 || value > 2 ** 30)) {
      throw refused(field, `${field} must be a whole number from 1 on.`);
    }
  }
}

function refused(field: string, message: string): AppError {
  return new AppError('invalid-input', { message, details: { field } });
}
