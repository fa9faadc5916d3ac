import { AppError } from '../../contract/index.ts';
import { unseal } from '../crypto/aead.ts';
import { deriveKeys, type RepositoryKeys } from '../crypto/repository-keys.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { decode } from '../format/encoding.ts';
import { packIdOf, packName } from '../format/names.ts';
import { blockAssociated, blockNonce, packKinds } from '../format/pack.ts';
import { compressBlock } from './compress-block.ts';
import { type FinishedPack, PackBuilder } from './pack-builder.ts';
import type {
  ComputeRequest,
  ComputeResults,
  ComputeSetup,
  DigestRequest,
  DigestResult,
  OpenRequest,
  OpenResult,
  SealedBlock,
  StoreRequest,
  StoreResult,
  VerifyRequest,
} from './protocol.ts';
import { releaseMemory } from './release-memory.ts';
import { isZero } from './zero-bytes.ts';

interface HeldJob {
  readonly bytes: Uint8Array;
  readonly blockSize: number;
}

interface Lane {
  nextNumber: number;
  pack: PackBuilder | undefined;
}

/** The CPU side of the engine, synchronous, on whichever thread it is run. */
export class BlockWorker {
  readonly #setup: ComputeSetup;
  readonly #keys: RepositoryKeys;
  readonly #jobs = new Map<number, HeldJob>();
  readonly #lanes = new Map<string, Lane>();
  /** Of packs that are stored. */
  readonly #memory: Uint8Array[] = [];

  constructor(setup: ComputeSetup) {
    this.#setup = setup;
    this.#keys = deriveKeys(setup.dataKey);
  }

  handle(request: ComputeRequest): ComputeResults[ComputeRequest['op']] {
    switch (request.op) {
      case 'digest':
        return this.#digest(request);
      case 'store':
        return this.#store(request);
      case 'drop':
        this.#jobs.delete(request.job);
        return null;
      case 'flush':
        return { packs: this.#flush(request.attempt) };
      case 'reuse':
        this.#memory.push(request.memory);
        return null;
      case 'open':
        return openBlocks(request, this.#keys);
      case 'verify':
        return { failed: verifyBlocks(request, this.#keys) };
    }
  }

  #digest(request: DigestRequest): DigestResult {
    const { job, bytes, blockSize } = request;
    const ids: (Uint8Array | undefined)[] = [];
    for (let start = 0; start < bytes.length; start += blockSize) {
      const block = bytes.subarray(start, start + blockSize);
      ids.push(isZero(block) ? undefined : this.#keys.blockId(block));
    }
    if (ids.some((id) => id !== undefined)) this.#jobs.set(job, { bytes, blockSize });
    return { ids };
  }

  #store(request: StoreRequest): StoreResult {
    const held = this.#jobs.get(request.job);
    if (held === undefined) throw new AppError('internal', { message: 'A job was stored before digested.' });
    this.#jobs.delete(request.job);
    const refs: BlockRef[] = [];
    const packs: FinishedPack[] = [];
    for (const { index, id } of request.wanted) {
      const start = index * held.blockSize;
      const plain = held.bytes.subarray(start, start + held.blockSize);
      const pack = this.#openPack(request, held.blockSize);
      refs.push(pack.add({ id, plainLength: plain.length, encoded: compressBlock(plain) }));
      if (pack.full) packs.push(...this.#finishPack(request.attempt));
    }
    return { refs, packs };
  }

  #openPack(request: StoreRequest, maxBlock: number): PackBuilder {
    const lane = this.#lane(request.attempt);
    if (lane.pack === undefined) {
      const packId = packIdOf(request.attempt, lane.nextNumber);
      lane.nextNumber += this.#setup.threadCount;
      const key = this.#keys.packKey(packId);
      lane.pack = new PackBuilder({
        packId,
        kind: packKinds.data,
        key,
        memory: this.#memory.pop(),
        target: request.packTarget,
        maxBlock,
      });
    }
    return lane.pack;
  }

  #lane(attempt: string): Lane {
    const known = this.#lanes.get(attempt);
    if (known !== undefined) return known;
    const lane: Lane = { nextNumber: this.#setup.threadIndex, pack: undefined };
    this.#lanes.set(attempt, lane);
    return lane;
  }

  #finishPack(attempt: string): FinishedPack[] {
    const lane = this.#lane(attempt);
    const pack = lane.pack;
    lane.pack = undefined;
    return pack === undefined || pack.empty ? [] : [pack.finish()];
  }

  /** The lane itself stays: its numbers must not be used again. */
  #flush(attempt: string): FinishedPack[] {
    return this.#finishPack(attempt);
  }
}

function openBlocks(request: OpenRequest, keys: RepositoryKeys): OpenResult {
  const { target } = request;
  const failed: number[] = [];
  request.blocks.forEach((block, index) => {
    const plain = openBlock(block.ref, sealedBytes(request.parts, block), keys);
    if (plain !== undefined) {
      target.set(plain, block.at);
      releaseMemory(plain);
    } else {
      target.fill(0, block.at, block.at + block.ref.plainLength);
      failed.push(index);
    }
  });
  request.parts.forEach(releaseMemory);
  return { plain: target, failed };
}

function verifyBlocks(request: VerifyRequest, keys: RepositoryKeys): number[] {
  const failed = request.blocks.flatMap((block, index) => {
    const plain = openBlock(block.ref, sealedBytes(request.parts, block), keys);
    const good = plain !== undefined && keys.blockId(plain).equals(block.ref.id);
    if (plain !== undefined) releaseMemory(plain);
    return good ? [] : [index];
  });
  request.parts.forEach(releaseMemory);
  return failed;
}

function sealedBytes(parts: readonly Uint8Array[], block: SealedBlock): Uint8Array {
  const part = parts[block.part] ?? new Uint8Array(0);
  return part.subarray(block.start, block.start + block.ref.length);
}

/** The plain bytes of a sealed block, or undefined when they are not exactly what the reference promises. */
export function openBlock(ref: BlockRef, sealed: Uint8Array, keys: RepositoryKeys): Uint8Array | undefined {
  if (sealed.length !== ref.length) return undefined;
  const stored = unseal(sealed, {
    key: keys.packKey(ref.pack),
    nonce: blockNonce(ref.slot),
    associated: blockAssociated(ref),
  });
  if (stored === undefined) return undefined;
  try {
    const plain = decode(stored, { ...ref, object: packName(ref.pack) });
    if (plain !== stored) releaseMemory(stored);
    return plain;
  } catch {
    return undefined;
  }
}
