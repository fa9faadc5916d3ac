import type { BlockRef } from '../format/block-ref.ts';
import type { FinishedPack } from './pack-builder.ts';

/** What a compute thread is asked to do, and what it answers. Only plain data and buffers cross. */
export interface ComputeSetup {
  readonly dataKey: Uint8Array;
  readonly threadIndex: number;
  readonly threadCount: number;
}

/**
 * Bytes of up to some MiB, cut into blocks of `blockSize` (the last may be shorter). Kept until `store` or `drop`,
 * unless all of them are zero.
 */
export interface DigestRequest {
  readonly op: 'digest';
  readonly job: number;
  readonly bytes: Uint8Array;
  readonly blockSize: number;
}

export interface DigestResult {
  /** Per block its id, or undefined when every byte is zero. */
  readonly ids: readonly (Uint8Array | undefined)[];
}

/** Compresses, seals and packs the `wanted` blocks (with their ids) of a digested job, then forgets the job. */
export interface StoreRequest {
  readonly op: 'store';
  readonly job: number;
  readonly attempt: string;
  readonly packTarget: number;
  readonly wanted: readonly { readonly index: number; readonly id: Uint8Array }[];
}

export interface StoreResult {
  /** One for each wanted block, in that order. */
  readonly refs: readonly BlockRef[];
  /** Packs that became full. */
  readonly packs: readonly FinishedPack[];
}

export interface DropRequest {
  readonly op: 'drop';
  readonly job: number;
}

/** Closes the attempt's unfinished pack on this thread. */
export interface FlushRequest {
  readonly op: 'flush';
  readonly attempt: string;
}

/** Memory of a pack that was stored, given back for a pack to come. */
export interface ReuseRequest {
  readonly op: 'reuse';
  readonly memory: Uint8Array;
}

export interface SealedBlock {
  readonly ref: BlockRef;
  /** Which of the parts holds it, and where in it. */
  readonly part: number;
  readonly start: number;
}

export interface OpenRequest {
  readonly op: 'open';
  readonly parts: readonly Uint8Array[];
  /** `at` is where its plain bytes go. */
  readonly blocks: readonly (SealedBlock & { readonly at: number })[];
  /** Filled with the plain bytes and given back; those of failed blocks are zeros. */
  readonly target: Uint8Array;
}

export interface OpenResult {
  /** The target of the request. */
  readonly plain: Uint8Array;
  /** Indexes of blocks that are not what they must be. */
  readonly failed: readonly number[];
}

/** Opens blocks and compares their plain bytes with their ids; keeps nothing. */
export interface VerifyRequest {
  readonly op: 'verify';
  readonly parts: readonly Uint8Array[];
  readonly blocks: readonly SealedBlock[];
}

export type ComputeRequest =
  | DigestRequest
  | StoreRequest
  | DropRequest
  | FlushRequest
  | ReuseRequest
  | OpenRequest
  | VerifyRequest;

export interface ComputeResults {
  readonly digest: DigestResult;
  readonly store: StoreResult;
  readonly drop: null;
  readonly flush: { readonly packs: readonly FinishedPack[] };
  readonly reuse: null;
  readonly open: OpenResult;
  readonly verify: Pick<OpenResult, 'failed'>;
}

export type ResultOf<R extends ComputeRequest> = ComputeResults[R['op']];
