import { AppError } from '../../contract/index.ts';
import { readSuspects } from '../check/suspects.ts';
import { mapInOrder } from '../concurrency.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { blockCount, type Manifest, type ManifestDisk } from '../format/manifest.ts';
import type { BackupOptions, BackupResult, BackupStatistics, Repository } from '../model.ts';
import { readManifest } from '../points/read-manifest.ts';
import { NodeReader } from '../read/node-reader.ts';
import { type OpenRepository, opened } from '../repository/open-state.ts';
import { beginAttempt, commitAttempt, endAttempt } from './attempt.ts';
import { BlockPipeline } from './block-pipeline.ts';
import { checkBackup } from './check-backup.ts';
import { Healing } from './healing.ts';
import { KnownBlocks } from './known-blocks.ts';
import { loadBlockIndex } from './load-index.ts';
import { MapBuilder } from './map-builder.ts';
import { NodeHealer } from './node-healer.ts';
import { NodeWriter } from './node-writer.ts';
import { PackUploader } from './pack-uploader.ts';
import { bytesToRead, type DiskPlan, planDisk } from './plan-disk.ts';
import { type BlockRun, cutRuns, runBytes } from './plan-reads.ts';

const defaultReadConcurrency = 8;
const defaultUploadConcurrency = 4;
const defaultPackTarget = 16 * 1024 * 1024;
/** A piece read at once; at least one block, whatever its size. */
const readLength = 4 * 1024 * 1024;

/**
 * Makes one restore point. Nothing of it is visible before the very end, when its manifest is written; a run
 * that fails or is cancelled leaves no point, but what it stored is found and reused by the next one.
 */
export async function backupDisks(repository: Repository, options: BackupOptions): Promise<BackupResult> {
  const state = opened(repository);
  const { signal } = options;
  checkBackup(options);
  const attempt = await beginAttempt(state, signal);
  const uploader = new PackUploader(state, {
    concurrency: options.uploadConcurrency ?? defaultUploadConcurrency,
    signal,
  });
  try {
    return await runAttempt({ state, options, attempt, uploader });
  } catch (thrown) {
    await uploader.abandon();
    await endAttempt(state, attempt);
    throw thrown;
  }
}

interface Attempt {
  readonly state: OpenRepository;
  readonly options: BackupOptions;
  readonly attempt: string;
  readonly uploader: PackUploader;
}

async function runAttempt(work: Attempt): Promise<BackupResult> {
  const { state, options, attempt, uploader } = work;
  const { signal } = options;
  const suspects = await readSuspects(state, signal);
  const index = await loadBlockIndex(state, { bytes: options.indexBytes }, signal);
  const known = new KnownBlocks(state, index, suspects);
  const previous =
    options.previous === undefined ? undefined : await readManifest(state, options.previous, signal);
  const packTarget = options.packTarget ?? defaultPackTarget;
  const pipeline = new BlockPipeline({
    repository: state,
    attempt,
    known,
    uploader,
    packTarget,
    readLength,
    signal,
  });
  const reader = new NodeReader(state, { cachedNodes: 64 });
  const healer = new NodeHealer(state, reader);
  const nodes = new NodeWriter(state, { attempt, uploader, healer });
  const healing = new Healing(state, {
    reader,
    healer,
    nodes,
    uploader,
    suspects,
    resource: options.resource.id,
    signal,
  });
  await healing.healMaps();
  const run: DiskRun = { ...work, pipeline, nodes, reader, healing, report: () => undefined };
  const plans: DiskPlan[] = [];
  for (const disk of options.disks) {
    const plan = planDisk(state, disk, previous);
    plans.push(suspects.length === 0 ? plan : await healing.addTo(plan));
  }
  const bytesTotal = plans.reduce((sum, plan) => sum + bytesToRead(plan), 0);
  const report = reporter(run, bytesTotal);
  const disks: ManifestDisk[] = [];
  for (const plan of plans) disks.push(await backupAnyway({ ...run, report }, plan));
  await pipeline.flush();
  await nodes.finish();
  await uploader.finish();
  const result = await healing.finish(known.healed, disks);
  report();
  const statistics = sumUp(run, disks);
  await commitAttempt(state, manifestOf(work, disks, statistics), signal);
  return { pointId: attempt, statistics, healing: result };
}

/** A previous map that turns out to be damaged is repaired from the disk, without a health check before. */
async function backupAnyway(run: DiskRun, plan: DiskPlan): Promise<ManifestDisk> {
  try {
    return await backupDisk(run, plan);
  } catch (thrown) {
    if (plan.before === undefined || !(thrown instanceof AppError) || thrown.code !== 'damaged') throw thrown;
    const healedBefore = run.healing.healed;
    const repaired = await run.healing.addTo(plan);
    const nothingNew = repaired.untrusted.size === plan.untrusted.size && run.healing.healed === healedBefore;
    if (nothingNew) throw thrown;
    return await backupDisk(run, repaired);
  }
}

interface DiskRun extends Attempt {
  readonly pipeline: BlockPipeline;
  readonly nodes: NodeWriter;
  readonly reader: NodeReader;
  readonly healing: Healing;
  readonly report: () => void;
}

async function backupDisk(run: DiskRun, plan: DiskPlan): Promise<ManifestDisk> {
  const { disk, blockSize, before } = plan;
  const { signal } = run.options;
  const shape = { size: disk.size, blockSize };
  const map = new MapBuilder({
    blockCount: blockCount(shape),
    previous:
      before === undefined
        ? undefined
        : { root: before.root, blockCount: blockCount(before), untrusted: plan.untrusted },
    reader: run.reader,
    writer: run.nodes,
    signal,
  });
  const pieces = cutRuns(plan.runs, Math.max(1, Math.floor(readLength / blockSize)));
  const concurrency = run.options.readConcurrency ?? defaultReadConcurrency;
  const stored = mapInOrder(pieces, { concurrency, signal }, async (piece) => ({
    piece,
    refs: piece.kind === 'clear' ? [] : await processPiece(run, plan, piece),
  }));
  for await (const { piece, refs } of stored) {
    if (piece.kind === 'clear') await map.clear(piece.first, piece.count);
    for (const [position, ref] of refs.entries()) await map.set(piece.first + position, ref);
    run.report();
  }
  return { id: disk.id, name: disk.name, size: disk.size, blockSize, root: await map.finish() };
}

function processPiece(
  run: DiskRun,
  plan: DiskPlan,
  piece: BlockRun,
): Promise<readonly (BlockRef | undefined)[]> {
  const { disk, blockSize } = plan;
  const bytes = runBytes({ size: disk.size, blockSize }, piece);
  return run.pipeline.process({ source: disk.source, ...bytes });
}

function reporter(run: DiskRun, bytesTotal: number): () => void {
  const { options, pipeline, uploader } = run;
  return () =>
    options.onProgress?.({
      bytesTotal,
      bytesRead: pipeline.statistics.bytesRead,
      bytesStored: uploader.bytesStored,
      bytesDeduplicated: pipeline.statistics.deduplicatedBytes,
    });
}

function sumUp(run: DiskRun, disks: readonly ManifestDisk[]): BackupStatistics {
  const { pipeline, uploader, nodes } = run;
  return {
    diskBytes: disks.reduce((sum, disk) => sum + disk.size, 0),
    readBytes: pipeline.statistics.bytesRead,
    storedBytes: uploader.bytesStored,
    deduplicatedBytes: pipeline.statistics.deduplicatedBytes,
    zeroBytes: pipeline.statistics.zeroBytes,
    mapBytes: nodes.bytes,
  };
}

function manifestOf(work: Attempt, disks: readonly ManifestDisk[], statistics: BackupStatistics): Manifest {
  const { options, attempt, state } = work;
  const createdAt = new Date(state.deps.clock()).toISOString();
  return {
    id: attempt,
    resource: options.resource,
    createdAt,
    takenAt: options.takenAt ?? createdAt,
    previous: options.previous,
    disks,
    document: options.document ?? null,
    statistics,
  };
}
