import { createHash } from 'node:crypto';
import { toAppError } from '../../contract/index.ts';
import { MemoryDisk } from '../disk/index.ts';
import type { ListedNode } from '../listed-node.ts';
import { openVolumes } from '../open-volumes.ts';
import { buildIndex } from '../search/index.ts';
import type { Volume } from '../volume.ts';

export interface FuzzOptions {
  readonly image: Uint8Array;
  readonly seed: string;
  readonly rounds: number;
}

export interface FuzzOutcome {
  /** Rounds whose readers threw anything but the errors that damaged disks may cause, with what it was. */
  readonly failures: readonly string[];
  /** The longest round, in milliseconds. */
  readonly slowest: number;
  /** Rounds that met damage at all. */
  readonly damaged: number;
}

const ALLOWED = ['damaged', 'not-supported', 'not-found', 'invalid-input'];
const LIMITS = {
  cacheBytes: 4_194_304,
  chunkBytes: 4096,
  overlayBytes: 33_554_432,
  directoryBytes: 8_388_608,
  depth: 50,
};
const NODES_PER_ROUND = 400;

/** Changes a few places of an image in each round, reads all that the readers let be read, and changes it back. */
export async function fuzz(options: FuzzOptions): Promise<FuzzOutcome> {
  const image = withoutLogChecksums(options.image);
  const places = usedPlaces(image);
  const failures: string[] = [];
  let slowest = 0;
  let damaged = 0;
  for (let round = 0; round < options.rounds; round++) {
    const dice = makeDice(`${options.seed}:${round}`);
    const undo = mutate(image, places, dice);
    const start = performance.now();
    const problems = await readEverything(image);
    slowest = Math.max(slowest, performance.now() - start);
    if (problems.length > 0) damaged++;
    for (const problem of problems)
      if (!ALLOWED.includes(problem.code)) failures.push(`round ${round}: ${problem.code} ${problem.text}`);
    undo();
  }
  return { failures, slowest, damaged };
}

/** XFS takes a log record without a checksum as it is, so that changes reach the code behind the check. */
function withoutLogChecksums(original: Uint8Array): Uint8Array {
  const image = Uint8Array.from(original);
  const magic = Buffer.from('feedbabe', 'hex');
  for (let at = 0; at + 512 <= image.length; at += 512)
    if (magic.equals(image.subarray(at, at + 4))) image.fill(0, at + 32, at + 36);
  return image;
}

type Dice = (below: number) => number;

function makeDice(seed: string): Dice {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0) || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Offsets of 64-byte pieces that hold something; changing the empty rest of a disk would test nothing. */
function usedPlaces(image: Uint8Array): number[] {
  const places: number[] = [];
  for (let at = 0; at + 64 <= image.length; at += 64)
    if (image.subarray(at, at + 64).some((byte) => byte !== 0)) places.push(at);
  return places;
}

function mutate(image: Uint8Array, places: readonly number[], dice: Dice): () => void {
  const before: { at: number; bytes: Uint8Array }[] = [];
  const change = (at: number, bytes: Uint8Array): void => {
    before.unshift({ at, bytes: image.slice(at, at + bytes.length) });
    image.set(bytes, at);
  };
  const pick = (): number => places[dice(places.length)] ?? 0;
  const changes = 1 + dice(80);
  for (let count = 0; count < changes; count++) {
    const at = pick() + dice(64);
    const kind = dice(6);
    const room = Math.min(4, image.length - at);
    if (kind === 0) change(at, Uint8Array.of((image[at] ?? 0) ^ (1 << dice(8))));
    else if (kind === 1) change(at, Uint8Array.of(dice(256)));
    else if (kind === 2) change(at, new Uint8Array(room).fill(0xff));
    else if (kind === 3)
      change(
        at,
        Uint8Array.from({ length: room }, () => dice(256)),
      );
    else if (kind === 4) change(at, new Uint8Array(room));
    else {
      const from = pick();
      change(pick(), image.slice(from, from + 64));
    }
  }
  return () => {
    for (const { at, bytes } of before) image.set(bytes, at);
  };
}

interface Problem {
  readonly code: string;
  readonly text: string;
}

async function readEverything(image: Uint8Array): Promise<Problem[]> {
  const { signal } = new AbortController();
  const problems: Problem[] = [];
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (thrown) {
      const error = toAppError(thrown);
      const cause = error.cause instanceof Error ? (error.cause.stack ?? '') : '';
      problems.push({ code: error.code, text: `${error.message} ${cause}` });
    }
  };
  const damage = (text: string): void => {
    problems.push({ code: 'damaged', text });
  };
  await attempt(async () => {
    for (const volume of await openVolumes([new MemoryDisk(image)], { signal, limits: LIMITS })) {
      if (volume.facts.state === 'damaged') damage(volume.facts.note);
      if (!volume.readable) continue;
      await attempt(() => walkSome(volume, { attempt, damage, signal }));
      await attempt(() => buildIndex(volume, { signal, limit: 20_000 }));
    }
  });
  return problems;
}

interface Walking {
  readonly attempt: (work: () => Promise<unknown>) => Promise<void>;
  readonly damage: (text: string) => void;
  readonly signal: AbortSignal;
}

async function walkSome(volume: Volume, { attempt, damage, signal }: Walking): Promise<void> {
  let nodes = 0;
  for await (const node of volume.walk({ id: volume.root, path: '' }, signal)) {
    if (++nodes > NODES_PER_ROUND) return;
    if (node.problem !== undefined) damage(node.problem);
    await attempt(() => readNode(volume, node, signal));
  }
}

async function readNode(volume: Volume, { id, info }: ListedNode, signal: AbortSignal): Promise<void> {
  if (info?.kind === 'symlink') await volume.readlink(id, signal);
  if (info?.kind !== 'file' || info.size === 0) return;
  await volume.read(id, { offset: 0, length: 65_536 }, signal);
  await volume.read(id, { offset: Math.floor(info.size / 2), length: 4096 }, signal);
  for (const stream of info.streams)
    await volume.read(id, { offset: 0, length: 4096, stream: stream.name }, signal);
  let pieces = 0;
  for await (const _ of volume.extents(id, '', signal)) if (++pieces > 1000) return;
}
