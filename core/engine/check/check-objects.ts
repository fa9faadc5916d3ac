import { AppError } from '../../contract/index.ts';
import type { BlobInfo, BlobStore } from '../blob-store.ts';
import { mapInOrder } from '../concurrency.ts';
import { decodeCheckedText } from '../format/checked-text.ts';
import { decodeCondemned } from '../format/condemned.ts';
import { decodeHeader } from '../format/header.ts';
import { readIndexRecords } from '../format/index-object.ts';
import { decodeSlot } from '../format/key-slot.ts';
import { decodeMoved } from '../format/moved.ts';
import { kindOfName, type NamedKind, packIdFromName, prefixes } from '../format/names.ts';
import { checkSealedChecksum, expectKind, objectKinds, openObject } from '../format/sealed-object.ts';
import { decodeSuspects } from '../format/suspects.ts';
import { decodeWriter } from '../format/writer-record.ts';
import { StoredPacks } from '../packs/stored-packs.ts';
import { readManifestOrFence } from '../points/read-manifest.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { decodeOwner } from '../repository/owner.ts';
import type { FindingList } from './report.ts';

const parallelReads = 16;

/** Everything stored, by what its name says it is. */
export interface Inventory {
  readonly packs: StoredPacks;
  readonly others: readonly BlobInfo[];
}

export async function takeInventory(store: BlobStore, signal?: AbortSignal): Promise<Inventory> {
  const packs = new StoredPacks();
  const others: BlobInfo[] = [];
  for await (const info of store.list('', signal)) {
    const packId = packIdFromName(info.name);
    if (packId === undefined) others.push(info);
    else packs.add(packId, info.size);
  }
  return { packs, others };
}

/** Opens every object that is not a pack. What is wrong with it becomes a finding. */
export async function checkObjects(
  repository: OpenRepository,
  job: {
    readonly objects: readonly BlobInfo[];
    readonly findings: FindingList;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> {
  const { signal } = job;
  const checks = mapInOrder(job.objects, { concurrency: parallelReads, signal }, async ({ name }) => {
    const kind = kindOfName(name);
    if (kind === undefined) return;
    try {
      const bytes = await repository.store.get(name, undefined, signal);
      await checkObject(repository, { name, kind, bytes });
    } catch (thrown) {
      noteDamage(name, thrown, job.findings);
    }
  });
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

interface StoredObject {
  readonly name: string;
  readonly kind: NamedKind;
  readonly bytes: Uint8Array;
}

async function checkObject(repository: OpenRepository, object: StoredObject): Promise<void> {
  const { name, bytes } = object;
  switch (object.kind) {
    case 'header':
      if (!decodeHeader(bytes).vouchedBy(repository.keys.dataKey)) {
        throw notAsItMust(name, 'it is not authentic');
      }
      return;
    case 'slot':
      decodeSlot(bytes, name);
      return;
    case 'owner':
      decodeOwner(name, decodeCheckedText(bytes, name).json);
      return;
    case 'writer':
      decodeWriter(bytes, name);
      return;
    default:
      await checkSealed(repository, object);
      checkSealedChecksum(name, bytes);
  }
}

async function checkSealed(repository: OpenRepository, { name, kind, bytes }: StoredObject): Promise<void> {
  if (kind === 'point') {
    await readManifestOrFence(repository, name);
    return;
  }
  const object = openObject(name, bytes, repository.keys);
  switch (kind) {
    case 'index':
      for (const _ of readIndexRecords(expectKind(name, object, objectKinds.index), name));
      return;
    case 'moved':
      decodeMoved(expectKind(name, object, objectKinds.moved), name);
      return;
    case 'suspects':
      decodeSuspects(expectKind(name, object, objectKinds.suspects), name);
      return;
    case 'condemned':
      for (const _ of decodeCondemned(expectKind(name, object, objectKinds.condemned), name));
      return;
    default:
      expectKind(name, object, objectKinds.waits);
  }
}

function notAsItMust(object: string, reason: string): AppError {
  return new AppError('damaged', { message: `${object}: ${reason}.`, details: { object, reason } });
}
