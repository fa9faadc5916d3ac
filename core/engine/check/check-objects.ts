import { AppError } from '../../contract/index.ts';
import type { BlobInfo, BlobStore } from '../blob-store.ts';
import { mapInOrder } from '../concurrency.ts';
import { decodeCheckedText } from '../format/checked-text.ts';
import { decodeCondemned } from '../format/condemned.ts';
import { decodeHeader } from '../format/header.ts';
import { decodeIndex } from '../format/index-object.ts';
import { decodeSlot } from '../format/key-slot.ts';
import { decodeMoved } from '../format/moved.ts';
import { headerName, packIdFromName, prefixes } from '../format/names.ts';
import { expectKind, objectKinds, openObject, sealedObjectLooksWhole } from '../format/sealed-object.ts';
import { decodeSuspects } from '../format/suspects.ts';
import { readManifestOrFence } from '../points/read-manifest.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import type { FindingList } from './report.ts';

const parallelReads = 16;

/** Everything stored, by what its name says it is. */
export interface Inventory {
  readonly packs: Map<string, number>;
  readonly others: readonly BlobInfo[];
}

export async function takeInventory(store: BlobStore, signal?: AbortSignal): Promise<Inventory> {
  const packs = new Map<string, number>();
  const others: BlobInfo[] = [];
  for await (const info of store.list('', signal)) {
    const packId = packIdFromName(info.name);
    if (packId === undefined) others.push(info);
    else packs.set(packId, info.size);
  }
  return { packs, others };
}

/** Opens every object that is not a pack. What is wrong with it becomes a finding. */
export async function checkObjects(
  store: BlobStore,
  job: {
    readonly objects: readonly BlobInfo[];
    readonly findings: FindingList;
    /** Without it, sealed objects can only be looked at from outside. */
    readonly repository?: OpenRepository;
    readonly signal?: AbortSignal;
  },
): Promise<void> {
  const checks = mapInOrder(
    job.objects,
    { concurrency: parallelReads, signal: job.signal },
    async ({ name }) => {
      try {
        const bytes = await store.get(name, undefined, job.signal);
        await checkObject(name, bytes, job.repository);
      } catch (thrown) {
        noteDamage(name, thrown, job.findings);
      }
    },
  );
  for await (const _ of checks);
}

/** False when the point was deleted since. */
export async function stillThere(
  repository: OpenRepository,
  pointId: string,
  signal?: AbortSignal,
): Promise<boolean> {
  return (await repository.store.head(prefixes.points + pointId, signal)) !== undefined;
}

/** `damaged` becomes a finding; what vanished meanwhile was removed by a running operation, not lost. */
export function noteDamage(name: string, thrown: unknown, findings: FindingList): void {
  if (!(thrown instanceof AppError)) throw thrown;
  if (thrown.code === 'not-found') return;
  if (thrown.code !== 'damaged') throw thrown;
  findings.add(name, thrown.details['reason'] ?? thrown.message);
}

async function checkObject(name: string, bytes: Uint8Array, repository?: OpenRepository): Promise<void> {
  if (name === headerName) {
    if (repository !== undefined && !decodeHeader(bytes).vouchedBy(repository.keys.dataKey)) {
      throw notAsItMust(name, 'it is not authentic');
    }
    decodeHeader(bytes);
  } else if (name.startsWith(prefixes.keys)) decodeSlot(bytes, name);
  else if (name.startsWith(prefixes.owner) || name.startsWith(prefixes.writers))
    decodeCheckedText(bytes, name);
  else if (repository === undefined) sealedObjectLooksWhole(name, bytes);
  else await checkSealed(name, bytes, repository);
}

async function checkSealed(name: string, bytes: Uint8Array, repository: OpenRepository): Promise<void> {
  if (name.startsWith(prefixes.points)) {
    await readManifestOrFence(repository, name);
    return;
  }
  const object = openObject(name, bytes, repository.keys);
  if (name.startsWith(prefixes.index)) decodeIndex(expectKind(name, object, objectKinds.index), name);
  else if (name.startsWith(prefixes.moved)) decodeMoved(expectKind(name, object, objectKinds.moved), name);
  else if (name.startsWith(prefixes.suspects))
    decodeSuspects(expectKind(name, object, objectKinds.suspects), name);
  else if (name.endsWith('.waits')) expectKind(name, object, objectKinds.waits);
  else if (name.startsWith(prefixes.condemned))
    decodeCondemned(expectKind(name, object, objectKinds.condemned), name);
  else throw notAsItMust(name, 'it is not an object that Cairn writes');
}

function notAsItMust(object: string, reason: string): AppError {
  return new AppError('damaged', { message: `${object}: ${reason}.`, details: { object, reason } });
}
