import { createHash } from 'node:crypto';
import { AppError } from '../../contract/index.ts';
import type { StoredPacks } from '../packs/stored-packs.ts';

/** Which packs a check looks into. */
export interface PackSample {
  /** Part of the packs to look into, above 0 up to 1. Default 1. */
  readonly sample?: number;
  /** Which sample; another number looks into other packs. Default 0. */
  readonly sampleSeed?: number;
  /** `resumeAfter` of an earlier report. */
  readonly startAfter?: string;
  /** Stops after about this many bytes of packs, to be resumed later. */
  readonly maxBytes?: number;
}

/** Ids and sizes of the packs to look into, in the order of the listing. */
export function* packsDue(
  packs: StoredPacks,
  sample: PackSample,
): Generator<readonly [packId: string, size: number]> {
  const { startAfter = '' } = sample;
  for (const pack of packs) if (pack[0] > startAfter && isInSample(pack[0], sample)) yield pack;
}

export function countDue(packs: StoredPacks, sample: PackSample): number {
  let count = 0;
  for (const _ of packsDue(packs, sample)) count++;
  return count;
}

function isInSample(pack: string, { sample = 1, sampleSeed = 0 }: PackSample): boolean {
  if (sample >= 1) return true;
  const hash = createHash('sha256').update(`${sampleSeed}/${pack}`, 'utf8').digest();
  return hash.readUInt32LE(0) / 2 ** 32 < sample;
}

export function refuseBadSample({ sample = 1 }: PackSample): void {
  if (sample > 0 && sample <= 1) return;
  throw new AppError('invalid-input', {
    message: 'The sample must be a part above 0 up to 1.',
    details: { field: 'sample' },
  });
}
