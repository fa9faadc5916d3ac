import { rm } from 'node:fs/promises';
import type { DiskContent, DiskCreation, SnapshotCreation } from '../ports.ts';
import { CHUNK_BYTES, ChunkMap } from './chunk-map.ts';
import { ChunkPool } from './chunk-pool.ts';
import { DiskError } from './disk-error.ts';
import { type DiskImage, mapOfImage } from './disk-image.ts';
import { vhdFooterProblem } from './vhd-footer.ts';
import { Volume } from './volume.ts';
import type { CatalogContent, PoolRecord, VolumeCatalog, VolumeRecord } from './volume-catalog.ts';

interface Pool {
  readonly poolId: string;
  readonly baseBytes: number;
  readonly chunks: ChunkPool;
  readonly members: Set<Volume>;
}

export interface DiskStoreDeps {
  readonly catalog: VolumeCatalog;
  /** Whether images must stay available after their own folder is gone. */
  readonly keepImages: boolean;
  readonly now: () => number;
  readonly newId: () => string;
  readonly images: (name: string) => Promise<DiskImage | undefined>;
}

/** Every disk and snapshot of the lab by unique id. Copies and snapshots share bytes with what they were made of. */
export class DiskStore {
  readonly #deps: DiskStoreDeps;
  readonly #volumes = new Map<string, Volume>();
  readonly #pools = new Map<string, Pool>();
  readonly #imageMaps = new Map<string, Promise<ChunkMap>>();
  #sequence = 1;

  constructor(deps: DiskStoreDeps) {
    this.#deps = deps;
  }

  /** Brings back what {@link DiskStore.records} described. */
  async restore(content: CatalogContent): Promise<void> {
    this.#sequence = content.sequence;
    await this.#deps.catalog.clean(content);
    for (const record of content.pools) await this.#openPool(record);
    for (const record of content.volumes) await this.#restoreVolume(record);
  }

  async #restoreVolume(record: VolumeRecord): Promise<void> {
    const pool = this.#pools.get(record.poolId);
    if (pool === undefined) throw new Error(`disk ${record.uniqueId} has lost its pool`);
    const map = ChunkMap.deserialize(await this.#deps.catalog.loadMap(record.uniqueId));
    const volume = this.#add(pool, record, map);
    volume.upload = record.upload;
    volume.problem = record.problem;
    volume.footer = record.footer === undefined ? undefined : Buffer.from(record.footer, 'base64');
    volume.mapDirty = false;
  }

  /** What the catalog must keep; writes changed chunk maps first. */
  async records(): Promise<Pick<CatalogContent, 'sequence' | 'volumes' | 'pools'>> {
    const volumes = [...this.#volumes.values()];
    for (const volume of volumes) {
      if (!volume.mapDirty) continue;
      volume.mapDirty = false;
      await this.#deps.catalog.saveMap(volume.identity.uniqueId, volume.map.serialize());
    }
    return {
      sequence: this.#sequence,
      volumes: volumes.map(recordOf),
      pools: [...this.#pools.values()].map((pool) => ({
        poolId: pool.poolId,
        baseBytes: pool.baseBytes,
        nextSlot: pool.chunks.nextSlot,
      })),
    };
  }

  find(uniqueId: string): Volume | undefined {
    return this.#volumes.get(uniqueId);
  }

  /** Throws `DiskError` when there is no such disk or its upload ended badly. */
  usable(uniqueId: string): Volume {
    const volume = this.#volumes.get(uniqueId);
    if (volume === undefined) throw new DiskError('NotFound', `There is no disk ${uniqueId}.`);
    if (volume.problem !== undefined) throw new DiskError('InvalidVhd', volume.problem);
    return volume;
  }

  async createDisk(creation: DiskCreation, signal: AbortSignal): Promise<Volume> {
    const { source, sizeBytes } = creation;
    if (sizeBytes <= 0 || sizeBytes % 512 !== 0) {
      throw new DiskError('InvalidParameter', `A disk cannot have ${sizeBytes} bytes.`);
    }
    if (source.kind === 'copy') return this.#copy(source.sourceUniqueId, 'disk', { sizeBytes });
    if (source.kind === 'image') return this.#fromImage(source.image, sizeBytes, signal);
    const pool = await this.#openPool({ poolId: this.#deps.newId(), baseBytes: 0, nextSlot: 0 });
    const volume = this.#add(pool, this.#identity('disk', pool, sizeBytes), new ChunkMap());
    volume.upload = source.kind === 'upload';
    return volume;
  }

  async #fromImage(name: string, sizeBytes: number, signal: AbortSignal): Promise<Volume> {
    const image = await this.#deps.images(name);
    if (image === undefined) throw new DiskError('NotFound', `There is no disk image ${name}.`);
    if (sizeBytes < image.sizeBytes) {
      throw new DiskError('InvalidParameter', `Disk image ${name} needs ${image.sizeBytes} bytes.`);
    }
    const known = this.#imageMaps.get(image.path) ?? mapOfImage(image, signal);
    this.#imageMaps.set(image.path, known);
    const map = await known.catch((error: unknown) => {
      this.#imageMaps.delete(image.path);
      throw error;
    });
    const poolId = this.#deps.newId();
    await this.#deps.catalog.adoptBase(poolId, image.path, this.#deps.keepImages);
    const pool = await this.#openPool({ poolId, baseBytes: image.sizeBytes, nextSlot: 0 });
    return this.#add(pool, this.#identity('disk', pool, sizeBytes), map.fork());
  }

  createSnapshot(creation: SnapshotCreation): Volume {
    const source = this.usable(creation.sourceUniqueId);
    const family = source.identity.kind === 'snapshot' ? source.identity.familyId : source.identity.uniqueId;
    return this.#copy(creation.sourceUniqueId, 'snapshot', {
      sizeBytes: source.sizeBytes,
      familyId: creation.incremental ? family : undefined,
      sequence: source.identity.kind === 'snapshot' ? source.identity.sequence : undefined,
    });
  }

  #copy(
    sourceId: string,
    kind: 'disk' | 'snapshot',
    as: { sizeBytes: number; familyId?: string | undefined; sequence?: number | undefined },
  ): Volume {
    const source = this.usable(sourceId);
    if (source.upload) throw new DiskError('OperationNotAllowed', 'The upload of this disk has not ended.');
    if (as.sizeBytes < source.sizeBytes) {
      throw new DiskError('InvalidParameter', `A copy needs at least ${source.sizeBytes} bytes.`);
    }
    const pool = this.#pools.get(source.identity.poolId);
    if (pool === undefined) throw new Error(`disk ${sourceId} has lost its pool`);
    const identity = this.#identity(kind, pool, as.sizeBytes);
    return this.#add(
      pool,
      { ...identity, familyId: as.familyId, sequence: as.sequence ?? identity.sequence },
      source.forkMap(),
    );
  }

  resize(uniqueId: string, sizeBytes: number): Volume {
    const volume = this.usable(uniqueId);
    if (sizeBytes < volume.sizeBytes || sizeBytes % 512 !== 0) {
      throw new DiskError('OperationNotAllowed', 'Disks can only grow, by whole sectors.');
    }
    volume.sizeBytes = sizeBytes;
    return volume;
  }

  /** Idempotent; gives the bytes back that nobody else needs. */
  async delete(uniqueId: string): Promise<void> {
    const volume = this.#volumes.get(uniqueId);
    const pool = volume === undefined ? undefined : this.#pools.get(volume.identity.poolId);
    if (volume === undefined || pool === undefined) return;
    this.#volumes.delete(uniqueId);
    pool.members.delete(volume);
    if (pool.members.size > 0) return pool.chunks.wantSweep();
    this.#pools.delete(pool.poolId);
    await pool.chunks.close();
    await rm(this.#deps.catalog.dataFile(pool.poolId), { force: true });
    await rm(this.#deps.catalog.baseFile(pool.poolId), { force: true });
  }

  /** Ends a direct upload; from now on the disk is an ordinary one, or unusable when its footer is wrong. */
  finishUpload(uniqueId: string): void {
    const volume = this.#volumes.get(uniqueId);
    if (volume === undefined || !volume.upload) return;
    volume.problem = vhdFooterProblem(volume.footer, volume.sizeBytes);
    volume.upload = false;
    volume.footer = undefined;
  }

  async close(): Promise<void> {
    for (const pool of this.#pools.values()) await pool.chunks.close();
    this.#pools.clear();
    this.#volumes.clear();
  }

  #identity(kind: 'disk' | 'snapshot', pool: Pool, sizeBytes: number): VolumeRecord {
    this.#sequence += 1;
    return {
      uniqueId: this.#deps.newId(),
      kind,
      poolId: pool.poolId,
      sizeBytes,
      familyId: undefined,
      sequence: this.#sequence,
      upload: false,
      problem: undefined,
      footer: undefined,
      createdAt: this.#deps.now(),
    };
  }

  #add(pool: Pool, record: VolumeRecord, map: ChunkMap): Volume {
    const volume = new Volume(record, { pool: pool.chunks, map, sizeBytes: record.sizeBytes });
    pool.members.add(volume);
    this.#volumes.set(record.uniqueId, volume);
    return volume;
  }

  async #openPool(record: PoolRecord): Promise<Pool> {
    const members = new Set<Volume>();
    const { catalog } = this.#deps;
    const chunks = await ChunkPool.open(
      {
        dataFile: catalog.dataFile(record.poolId),
        baseFile: record.baseBytes === 0 ? undefined : catalog.baseFile(record.poolId),
        baseBytes: Math.ceil(record.baseBytes / CHUNK_BYTES) * CHUNK_BYTES,
        nextSlot: record.nextSlot,
      },
      (visit) => {
        for (const member of members) member.map.eachSlot((slot) => visit(slot - 1));
      },
    );
    const pool = { poolId: record.poolId, baseBytes: record.baseBytes, chunks, members };
    this.#pools.set(record.poolId, pool);
    return pool;
  }
}

/** The volume in the words of the lab's borders. */
export function contentOf(volume: Volume): DiskContent {
  const { uniqueId, kind, familyId } = volume.identity;
  return { uniqueId, kind, sizeBytes: volume.sizeBytes, familyId };
}

function recordOf(volume: Volume): VolumeRecord {
  return {
    ...volume.identity,
    sizeBytes: volume.sizeBytes,
    upload: volume.upload,
    problem: volume.problem,
    footer: volume.footer?.toString('base64'),
  };
}
