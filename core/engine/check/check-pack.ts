import { crc32 } from 'node:zlib';
import { AppError } from '../../contract/index.ts';
import { openBlock } from '../compute/block-worker.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { damaged } from '../format/bytes.ts';
import { packName } from '../format/names.ts';
import {
  decodeHeader,
  footerEntryLength,
  isMapPack,
  packHeaderLength,
  packKinds,
  packTrailerLength,
} from '../format/pack.ts';
import { footerIn, readFooter } from '../read/read-footer.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { type IntoRequest, readInto } from '../stores/read-into.ts';
import type { ExpectedBlocks } from './expected-blocks.ts';
import type { PackBuffers } from './pack-buffers.ts';
import { crcInPieces, readRange } from './read-in-pieces.ts';
import type { CheckLevel } from './report.ts';

/** Longer packs are read in stretches of about this length. */
export const stretchLength = 32 * 1024 * 1024;
const blocksPerJob = 8;
/** What is read of a pack's end beyond what maps let expect. */
const spareLength = 4096;

export interface PackJob {
  readonly packId: string;
  /** As the store states it. */
  readonly size: number;
  readonly level: CheckLevel;
  readonly expected: ExpectedBlocks;
  readonly buffers: PackBuffers;
}

export interface PackResult {
  readonly packId: string;
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
  const { packId } = job;
  try {
    const found = await (job.level === 'deep' ? lookInside : lookAtFooter)(repository, job, signal);
    const trouble = found.trouble ?? disagreement(job, found.refs);
    return { packId, blocks: found.opened, bytesRead: found.bytesRead, trouble };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const nothing = { packId, blocks: 0, bytesRead: 0 };
    // Collected while we were looking: whoever needs it is asked afterwards.
    if (thrown.code === 'not-found') return { ...nothing, trouble: undefined };
    if (thrown.code !== 'damaged') throw thrown;
    return { ...nothing, bytesRead: job.size, trouble: thrown.details['reason'] ?? thrown.message };
  }
}

interface Found {
  readonly refs: readonly BlockRef[];
  /** Blocks opened and compared with their ids. */
  readonly opened: number;
  readonly bytesRead: number;
  readonly trouble?: string;
}

function disagreement(job: PackJob, refs: readonly BlockRef[]): string | undefined {
  return job.expected.agreesWith(job.packId, refs) ? undefined : 'its footer and the maps disagree';
}

async function lookAtFooter(repository: OpenRepository, job: PackJob, signal?: AbortSignal): Promise<Found> {
  const least = job.expected.leastBlocks(job.packId) * footerEntryLength;
  const { refs } = await readFooter(repository, job, { expectedLength: least + spareLength, signal });
  return { refs, opened: 0, bytesRead: 0 };
}

async function lookInside(repository: OpenRepository, job: PackJob, signal?: AbortSignal): Promise<Found> {
  const look = job.size <= stretchLength ? lookAtWhole : lookAtStretches;
  const { refs, bad } = await look(repository, job, signal);
  const trouble = bad === 0 ? {} : { trouble: `${bad} blocks in it are not what they must be` };
  return { refs, opened: refs.length, bytesRead: job.size, ...trouble };
}

interface Opened {
  readonly refs: readonly BlockRef[];
  readonly bad: number;
}

function lookAtWhole(repository: OpenRepository, job: PackJob, signal?: AbortSignal): Promise<Opened> {
  const { packId, size } = job;
  const name = packName(packId);
  return job.buffers.with(size, async (bytes) => {
    await fill(repository, { name, offset: 0, target: bytes }, signal);
    if (size < packHeaderLength + packTrailerLength) throw damaged(name, 'it is shorter than any pack');
    checkBeginning(packId, bytes.subarray(0, packHeaderLength));
    const { refs, crc } = footerIn(repository, job, bytes);
    if (crc32(bytes.subarray(0, size - 8)) !== crc) throw damaged(name, 'its checksum does not match');
    return { refs, bad: await countBad(repository, { packId, bytes, refs, base: 0 }) };
  });
}

async function fill(repository: OpenRepository, part: IntoRequest, signal?: AbortSignal): Promise<void> {
  const filled = await readInto(repository.store, part, signal);
  if (filled !== part.target.length) throw damaged(part.name, 'its size is not what the store says');
}

/** The same for a pack that is too long to be held whole. */
async function lookAtStretches(
  repository: OpenRepository,
  job: PackJob,
  signal?: AbortSignal,
): Promise<Opened> {
  const { packId, size } = job;
  const { store } = repository;
  const name = packName(packId);
  checkBeginning(packId, await readRange(store, { name, offset: 0, length: packHeaderLength }, signal));
  const { refs, crc } = await readFooter(repository, job, { signal });
  if ((await crcInPieces(store, { name, length: size - 8, start: 0 }, signal)) !== crc) {
    throw damaged(name, 'its checksum does not match');
  }
  let bad = 0;
  for (const stretch of stretches(refs)) {
    bad += await job.buffers.with(stretch.length, async (bytes) => {
      await fill(repository, { name, offset: stretch.offset, target: bytes }, signal);
      return countBad(repository, { packId, bytes, refs: stretch.refs, base: stretch.offset });
    });
  }
  return { refs, bad };
}

function checkBeginning(packId: string, header: Uint8Array): void {
  const name = packName(packId);
  const kind = decodeHeader(header, name);
  if ((kind === packKinds.map) !== isMapPack(packId)) {
    throw damaged(name, 'its kind is not what its name says');
  }
}

interface Stretch {
  readonly offset: number;
  readonly length: number;
  readonly refs: readonly BlockRef[];
}

/** Neighbouring blocks that fit into memory together; at least one. */
function stretches(refs: readonly BlockRef[]): Stretch[] {
  const found: { offset: number; length: number; refs: BlockRef[] }[] = [];
  for (const ref of refs) {
    const last = found.at(-1);
    if (last !== undefined && last.length + ref.length <= stretchLength) {
      last.refs.push(ref);
      last.length += ref.length;
    } else {
      found.push({ offset: ref.offset, length: ref.length, refs: [ref] });
    }
  }
  return found;
}

interface BlocksInMemory {
  readonly packId: string;
  /** Shared with the threads. */
  readonly bytes: Uint8Array;
  readonly refs: readonly BlockRef[];
  /** Offset in the pack at which `bytes` begins. */
  readonly base: number;
}

/** How many blocks are not what the footer promises. */
async function countBad(repository: OpenRepository, blocks: BlocksInMemory): Promise<number> {
  if (isMapPack(blocks.packId)) return countBadNodes(repository, blocks);
  const { pool } = repository;
  const jobs: Promise<number>[] = [];
  for (let first = 0; first < blocks.refs.length; first += blocksPerJob) {
    const refs = blocks.refs.slice(first, first + blocksPerJob);
    const sealed = refs.map((ref) => ({ ref, part: 0, start: ref.offset - blocks.base }));
    const request = { op: 'verify', parts: [blocks.bytes], blocks: sealed } as const;
    jobs.push(pool.run(pool.idlestLane(), request).then(({ failed }) => failed.length));
  }
  return (await Promise.all(jobs)).reduce((sum, bad) => sum + bad, 0);
}

function countBadNodes(repository: OpenRepository, blocks: BlocksInMemory): number {
  const { keys } = repository;
  const isGood = (ref: BlockRef) => {
    const start = ref.offset - blocks.base;
    const plain = openBlock(ref, blocks.bytes.subarray(start, start + ref.length), keys);
    return plain !== undefined && keys.nodeId(plain).equals(ref.id);
  };
  return blocks.refs.filter((ref) => !isGood(ref)).length;
}
