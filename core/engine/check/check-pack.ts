import { crc32 } from 'node:zlib';
import { AppError } from '../../contract/index.ts';
import { openBlock } from '../compute/block-worker.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { damaged } from '../format/bytes.ts';
import { packName } from '../format/names.ts';
import {
  decodeHeader,
  decodeTrailer,
  isMapPack,
  openFooter,
  packHeader,
  packHeaderLength,
  packKinds,
  packTrailerLength,
} from '../format/pack.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import type { ExpectedPack } from './expected-blocks.ts';
import type { CheckLevel } from './report.ts';

/** Most footers fit in this; a longer one costs a second request. */
const tailLength = 64 * 1024;

export interface PackJob {
  readonly packId: string;
  /** As the store states it. */
  readonly size: number;
  readonly level: CheckLevel;
  readonly expected: ExpectedPack | undefined;
}

export interface PackResult {
  readonly blocks: number;
  readonly bytesRead: number;
  /** What is wrong, if anything. */
  readonly trouble: string | undefined;
}

/** Compares a pack with its footer and with what maps expect; when deep, opens every block in it. */
export async function checkPack(
  repository: OpenRepository,
  job: PackJob,
  signal?: AbortSignal,
): Promise<PackResult> {
  let bytesRead = 0;
  try {
    const bytes = job.level === 'deep' ? await readWhole(repository, job, signal) : undefined;
    bytesRead = bytes?.length ?? 0;
    const refs =
      bytes === undefined ? await readFooter(repository, job, signal) : footerIn(repository, job, bytes);
    if (bytes === undefined) return { blocks: 0, bytesRead, trouble: disagreement(job, refs) };
    const badSlots = await findBadBlocks(repository, { packId: job.packId, bytes, refs });
    const bad =
      badSlots.length === 0 ? undefined : `${badSlots.length} blocks in it are not what they must be`;
    return { blocks: refs.length, bytesRead, trouble: bad ?? disagreement(job, refs) };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    // Collected while we were looking: whoever needs it is asked afterwards.
    if (thrown.code === 'not-found') return { blocks: 0, bytesRead, trouble: undefined };
    if (thrown.code !== 'damaged') throw thrown;
    return { blocks: 0, bytesRead, trouble: thrown.details['reason'] ?? thrown.message };
  }
}

function disagreement(job: PackJob, refs: readonly BlockRef[]): string | undefined {
  for (const slot of job.expected?.slots() ?? []) {
    if (job.expected?.matches(slot, refs[slot]) !== true) return 'its footer and the maps disagree';
  }
  return undefined;
}

async function readWhole(
  repository: OpenRepository,
  job: PackJob,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const name = packName(job.packId);
  const bytes = await repository.store.get(name, undefined, signal);
  if (bytes.length !== job.size) throw damaged(name, 'its size is not what the store says');
  return bytes;
}

function footerIn(repository: OpenRepository, job: PackJob, bytes: Uint8Array): BlockRef[] {
  checkPackOutside(job.packId, bytes);
  const name = packName(job.packId);
  const { footerLength } = decodeTrailer(bytes.subarray(bytes.length - packTrailerLength), name);
  return openTail(
    repository,
    job,
    bytes.subarray(Math.max(0, bytes.length - packTrailerLength - footerLength)),
  );
}

/** Only the end of the pack is read. */
async function readFooter(
  repository: OpenRepository,
  job: PackJob,
  signal?: AbortSignal,
): Promise<BlockRef[]> {
  const name = packName(job.packId);
  if (job.size < packHeaderLength + packTrailerLength) throw damaged(name, 'it is shorter than any pack');
  const end = await readEnd(repository, job, { length: Math.min(job.size, tailLength), signal });
  const { footerLength } = decodeTrailer(end.subarray(end.length - packTrailerLength), name);
  const length = footerLength + packTrailerLength;
  if (length <= end.length) return openTail(repository, job, end.subarray(end.length - length));
  if (length > job.size) throw damaged(name, 'it is shorter than its footer');
  return openTail(repository, job, await readEnd(repository, job, { length, signal }));
}

async function readEnd(
  repository: OpenRepository,
  job: PackJob,
  part: { readonly length: number; readonly signal: AbortSignal | undefined },
): Promise<Uint8Array> {
  const range = { offset: job.size - part.length, length: part.length };
  const bytes = await repository.store.get(packName(job.packId), range, part.signal);
  if (bytes.length !== part.length)
    throw damaged(packName(job.packId), 'its size is not what the store says');
  return bytes;
}

function openTail(repository: OpenRepository, job: PackJob, tail: Uint8Array): BlockRef[] {
  const header = packHeader(isMapPack(job.packId) ? packKinds.map : packKinds.data);
  const refs = openFooter({ packId: job.packId, header, tail, keys: repository.keys });
  const last = refs.at(-1);
  const bodyEnd = last === undefined ? packHeaderLength : last.offset + last.length;
  if (bodyEnd !== job.size - tail.length) {
    throw damaged(packName(job.packId), 'its size is not what its footer says');
  }
  return refs;
}

/** From outside: a pack begins and ends as it must and its bytes have the checksum it states. Needs no key. */
export function checkPackOutside(packId: string, bytes: Uint8Array): void {
  const name = packName(packId);
  if (bytes.length < packHeaderLength + packTrailerLength) throw damaged(name, 'it is shorter than any pack');
  const kind = decodeHeader(bytes.subarray(0, packHeaderLength), name);
  if ((kind === packKinds.map) !== isMapPack(packId))
    throw damaged(name, 'its kind is not what its name says');
  const trailer = decodeTrailer(bytes.subarray(bytes.length - packTrailerLength), name);
  if (crc32(bytes.subarray(0, bytes.length - 8)) !== trailer.crc) {
    throw damaged(name, 'its checksum does not match');
  }
}

/** Slots whose block is not what the footer promises. */
async function findBadBlocks(
  repository: OpenRepository,
  pack: { readonly packId: string; readonly bytes: Uint8Array; readonly refs: readonly BlockRef[] },
): Promise<number[]> {
  if (isMapPack(pack.packId)) return findBadNodes(repository, pack);
  const { pool } = repository;
  const bad = await Promise.all(
    slices(pack.refs).map(async (refs) => {
      const start = refs[0]?.offset ?? 0;
      const last = refs.at(-1);
      const stored = pack.bytes.slice(start, last === undefined ? start : last.offset + last.length);
      const blocks = refs.map((ref) => ({ ref, part: 0, start: ref.offset - start }));
      const { failed } = await pool.run(pool.idlestLane(), { op: 'verify', parts: [stored], blocks });
      return failed.map((index) => refs[index]?.slot ?? 0);
    }),
  );
  return bad.flat();
}

const blocksPerJob = 8;

function slices(refs: readonly BlockRef[]): BlockRef[][] {
  const count = Math.ceil(refs.length / blocksPerJob);
  return Array.from({ length: count }, (_, index) =>
    refs.slice(index * blocksPerJob, (index + 1) * blocksPerJob),
  );
}

function findBadNodes(
  repository: OpenRepository,
  pack: { readonly bytes: Uint8Array; readonly refs: readonly BlockRef[] },
): number[] {
  return pack.refs.flatMap((ref) => {
    const sealed = pack.bytes.subarray(ref.offset, ref.offset + ref.length);
    const plain = openBlock(ref, sealed, repository.keys);
    const good = plain !== undefined && repository.keys.nodeId(plain).equals(ref.id);
    return good ? [] : [ref.slot];
  });
}
