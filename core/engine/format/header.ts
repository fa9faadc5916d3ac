import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import { AppError } from '../../contract/index.ts';
import type { RepositoryHeader } from '../model.ts';
import { damaged } from './bytes.ts';
import { decodeCheckedText, encodeCheckedText } from './checked-text.ts';
import { headerName, isId } from './names.ts';

/** `docs/format.md`, section "Header": the object that makes a place a repository. */
export const formatVersion = 1;
/** A header of a later version is to be recognised as such, however long it is. */
const linesOfAnyVersion = 100;
export const smallestBlock = 64 * 1024;
export const largestBlock = 4 * 1024 * 1024;

const headerSchema = z.object({
  cairn: z.literal('repository'),
  version: z.int().check(z.minimum(1)),
  id: z.string().check(z.refine(isId)),
  blockSize: z.int().check(z.minimum(smallestBlock), z.maximum(largestBlock)),
  encrypted: z.boolean(),
  createdAt: z.string().check(z.maxLength(40)),
});

export interface StoredHeader {
  readonly header: RepositoryHeader;
  /** True when this data key vouches for every byte of the header. */
  vouchedBy(dataKey: Uint8Array): boolean;
}

export function encodeHeader(header: RepositoryHeader, dataKey: Uint8Array): Uint8Array {
  const json = { cairn: 'repository', ...header };
  return encodeCheckedText(json, headerMac(JSON.stringify(json), dataKey).toString('hex'));
}

export function decodeHeader(bytes: Uint8Array): StoredHeader {
  const { line, json, moreLines } = decodeCheckedText(bytes, headerName, linesOfAnyVersion);
  if (typeof json['version'] === 'number' && json['version'] > formatVersion) throw tooNew(json['version']);
  const parsed = headerSchema.safeParse(json);
  const mac = moreLines[0] ?? '';
  if (!parsed.success || !/^[0-9a-f]{64}$/.test(mac) || moreLines.length !== 1) {
    throw damaged(headerName, 'its fields are malformed');
  }
  const { cairn: _, ...header } = parsed.data;
  return {
    header,
    vouchedBy: (dataKey) => timingSafeEqual(headerMac(line, dataKey), Buffer.from(mac, 'hex')),
  };
}

export function checkBlockSize(blockSize: number): void {
  const powerOfTwo = Number.isInteger(Math.log2(blockSize));
  if (powerOfTwo && blockSize >= smallestBlock && blockSize <= largestBlock) return;
  throw new AppError('invalid-input', {
    message: 'The block size must be a power of two from 64 KiB to 4 MiB.',
    details: { field: 'blockSize' },
  });
}

function headerMac(line: string, dataKey: Uint8Array): Buffer {
  const key = Buffer.from(hkdfSync('sha256', dataKey, new Uint8Array(0), 'cairn header', 32));
  return createHmac('sha256', key).update(line, 'utf8').digest();
}

function tooNew(version: number): AppError {
  return new AppError('not-supported', {
    message: `This repository has format version ${version}; this Cairn knows versions up to ${formatVersion}.`,
    hint: 'Update Cairn on this computer.',
    details: { version: String(version) },
  });
}
