import { readFile, writeFile } from 'node:fs/promises';
import { beginAttempt, commitAttempt } from '../../core/engine/backup/attempt.ts';
import { MapBuilder } from '../../core/engine/backup/map-builder.ts';
import { NodeHealer } from '../../core/engine/backup/node-healer.ts';
import { NodeWriter } from '../../core/engine/backup/node-writer.ts';
import { PackUploader } from '../../core/engine/backup/pack-uploader.ts';
import { encodeIndex } from '../../core/engine/format/index-object.ts';
import { packIdOf, prefixes } from '../../core/engine/format/names.ts';
import { objectKinds } from '../../core/engine/format/sealed-object.ts';
import {
  type BlobStore,
  backupDisks,
  createRepository,
  type DiskRange,
  type EngineDeps,
  listPoints,
  openRepository,
  type Repository,
} from '../../core/engine/index.ts';
import { NodeReader } from '../../core/engine/read/node-reader.ts';
import { type OpenRepository, opened } from '../../core/engine/repository/open-state.ts';
import { randomId } from '../../core/engine/repository/random-id.ts';
import { putSealed } from '../../core/engine/repository/sealed-store.ts';
import {
  blockLength,
  blocksInPack,
  refsOfPack,
  type SyntheticPacks,
  withSyntheticPacks,
} from './synthetic-packs.ts';

const resource = { workload: 'bench', id: 'bench', name: 'bench' };
const packsInIndex = 32;

/**
 * A repository with one point whose disk is all used and all different. Map, index, manifest and names are
 * what a backup writes; the data packs are made when they are read (`synthetic-packs.ts`).
 */
export async function buildLarge(
  store: BlobStore,
  options: { readonly deps: EngineDeps; readonly diskBytes: number; readonly note: string },
): Promise<object> {
  const { deps, diskBytes, note } = options;
  const repository = await createRepository(store, { unlock: { kind: 'none' }, deps });
  const state = opened(repository);
  const attempt = await beginAttempt(state);
  const packs = diskBytes / (blockLength * blocksInPack);
  await writeIndex(state, { attempt, packs });
  const mapBytes = await writeMap(state, { attempt, packs });
  const dataKey = Buffer.from(repository.exportDataKey()).toString('hex');
  await writeFile(note, JSON.stringify({ attempt, dataKey, packs }));
  await repository.close();
  return { packs, mapBytes };
}

interface Content {
  readonly attempt: string;
  readonly packs: number;
}

async function writeIndex(state: OpenRepository, { attempt, packs }: Content): Promise<void> {
  for (let first = 0; first < packs; first += packsInIndex) {
    const listed = Array.from({ length: Math.min(packsInIndex, packs - first) }, (_, index) => ({
      packId: packIdOf(attempt, first + index),
      entries: refsOfPack(attempt, first + index),
    }));
    const name = prefixes.index + randomId(state.deps);
    await putSealed(state, { name, kind: objectKinds.index, plain: encodeIndex(listed) });
  }
}

async function writeMap(state: OpenRepository, { attempt, packs }: Content): Promise<number> {
  const uploader = new PackUploader(state, { concurrency: 4 });
  const reader = new NodeReader(state);
  const writer = new NodeWriter(state, { attempt, uploader, healer: new NodeHealer(state, reader) });
  const blockCount = packs * blocksInPack;
  const map = new MapBuilder({ blockCount, previous: undefined, reader, writer });
  for (let pack = 0; pack < packs; pack++) {
    const refs = refsOfPack(attempt, pack);
    for (const [slot, ref] of refs.entries()) await map.set(pack * blocksInPack + slot, ref);
  }
  const root = await map.finish();
  await writer.finish();
  await uploader.finish();
  const size = blockCount * blockLength;
  const disk = { id: 'disk', name: 'disk', size, blockSize: blockLength, root };
  const createdAt = new Date(state.deps.clock()).toISOString();
  const statistics = {
    diskBytes: size,
    readBytes: size,
    storedBytes: size,
    deduplicatedBytes: 0,
    zeroBytes: 0,
    mapBytes: writer.bytes,
  };
  const point = { id: attempt, resource, createdAt, takenAt: createdAt, previous: undefined };
  await commitAttempt(state, { ...point, disks: [disk], document: null, statistics });
  return writer.bytes;
}

export async function openLarge(
  base: BlobStore,
  options: { readonly deps: EngineDeps; readonly note: string },
): Promise<{ readonly store: BlobStore; readonly repository: Repository }> {
  const noted = JSON.parse(await readFile(options.note, 'utf8'));
  const synthetic: SyntheticPacks = { ...noted, dataKey: Buffer.from(noted.dataKey, 'hex') };
  const store = withSyntheticPacks(base, synthetic);
  return { store, repository: await openRepository(store, { unlock: { kind: 'none' }, deps: options.deps }) };
}

/** The next point: one block in `every` is another one. */
export async function changeSome(repository: Repository, every: number): Promise<object> {
  const previous = (await listPoints(repository)).at(-1);
  const size = previous?.disks[0]?.size ?? 0;
  const ranges: DiskRange[] = Array.from({ length: Math.ceil(size / (every * blockLength)) }, (_, index) => ({
    offset: index * every * blockLength,
    length: 4096,
  }));
  const source = {
    async readInto(offset: number, target: Uint8Array) {
      target.fill(0);
      for (let at = 0; at < target.length; at += blockLength)
        new DataView(target.buffer, target.byteOffset).setFloat64(at, offset + at);
    },
    async read(offset: number, length: number) {
      const bytes = Buffer.allocUnsafeSlow(length);
      await source.readInto(offset, bytes);
      return bytes;
    },
  };
  const disks = [{ id: 'disk', name: 'disk', size, source, ranges }];
  const { statistics } = await backupDisks(repository, { resource, disks, previous: previous?.id });
  return statistics;
}
