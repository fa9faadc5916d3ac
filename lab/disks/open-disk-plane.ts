import type { DiskAccess, DiskPlane, FaultMatcher } from '../ports.ts';
import type { KeyAndCertificate } from '../tls/index.ts';
import { DiskError } from './disk-error.ts';
import type { DiskImage } from './disk-image.ts';
import { openDiskServer } from './disk-server.ts';
import { contentOf, DiskStore } from './disk-store.ts';
import { GrantBook } from './grant-book.ts';
import { type ImportTotals, importDifferences, type NextContent } from './import-differences.ts';
import { type CatalogContent, VolumeCatalog } from './volume-catalog.ts';

export interface DiskPlaneOptions {
  /** Where chunks lie; it outlives the lab only when `durable`. */
  readonly folder: string;
  readonly durable: boolean;
  readonly port: number;
  readonly tls: KeyAndCertificate;
  readonly faults: FaultMatcher;
  /** Finds the images that `source.kind = 'image'` names. */
  readonly images: (name: string) => Promise<DiskImage | undefined>;
  readonly now: () => number;
  readonly newId: () => string;
  readonly randomBytes: (length: number) => Buffer;
  readonly onDefect: (error: unknown) => void;
}

/** The disk plane as Resource Manager sees it, and as the lab's own tools do. */
export interface LabDiskPlane extends DiskPlane {
  readonly origin: string;
  readonly port: number;
  /** Bytes of a disk or snapshot, without SAS, as if one stood in the data centre. */
  readBytes(uniqueId: string, offset: number, target: Uint8Array): Promise<void>;
  /** Writes as the disk's guest would: any length, any offset. */
  writeBytes(uniqueId: string, offset: number, bytes: Uint8Array): Promise<void>;
  /** Gives a range back, as a guest's trim does; it reads as zero. */
  clearBytes(uniqueId: string, offset: number, length: number): Promise<void>;
  /** Parts of the disk that hold data. */
  allocatedRanges(uniqueId: string): Iterable<{ start: number; end: number }>;
  /** Makes the disk equal to `next`, writing and clearing only what differs. */
  importDifferences(uniqueId: string, next: NextContent, signal: AbortSignal): Promise<ImportTotals>;
  close(): Promise<void>;
}

const SAVE_DELAY_MS = 1000;

/** Opens the disk store and its SAS endpoint. */
export async function openDiskPlane(options: DiskPlaneOptions): Promise<LabDiskPlane> {
  const catalog = new VolumeCatalog(options.folder);
  const saved = await catalog.load();
  const signingKey = saved === undefined ? options.randomBytes(32) : Buffer.from(saved.signingKey, 'base64');
  const store = new DiskStore({ ...options, catalog, keepImages: options.durable });
  if (saved !== undefined) await store.restore(saved);
  const grants = new GrantBook({ ...options, signingKey }, saved?.grants ?? []);
  const save = async (): Promise<void> => {
    const content: CatalogContent = {
      version: 1,
      signingKey: signingKey.toString('base64'),
      ...(await store.records()),
      grants: grants.records(),
    };
    await catalog.save(content);
  };
  const saver = options.durable ? saveInTurn(save, options.onDefect) : undefined;
  const server = await openDiskServer({
    ...options,
    grants,
    find: (uniqueId) => store.find(uniqueId),
    onWrite: () => saver?.soon(),
  });
  return planeOver(
    {
      store,
      grants,
      origin: server.origin,
      port: server.port,
      kept: async () => saver?.now(),
      changed: () => saver?.soon(),
    },
    async () => {
      await server.close();
      await saver?.now();
      await store.close();
    },
  );
}

/** Saves one after another; `soon` gathers the writes of a second into one save. */
function saveInTurn(
  save: () => Promise<void>,
  onDefect: (error: unknown) => void,
): { soon(): void; now(): Promise<void> } {
  let turn: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const now = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const mine = turn.then(save);
    turn = mine.catch(() => undefined);
    return mine;
  };
  return {
    now,
    soon: () => {
      timer ??= setTimeout(() => void now().catch(onDefect), SAVE_DELAY_MS).unref();
    },
  };
}

interface Parts {
  readonly store: DiskStore;
  readonly grants: GrantBook;
  readonly origin: string;
  readonly port: number;
  /** Resolves when everything up to now would survive a restart. */
  readonly kept: () => Promise<void>;
  /** Bytes have changed: keep them soon. */
  readonly changed: () => void;
}

function planeOver(parts: Parts, close: () => Promise<void>): LabDiskPlane {
  const { store, grants, kept } = parts;
  return {
    origin: parts.origin,
    port: parts.port,
    async createDisk(creation, signal) {
      const volume = await store.createDisk(creation, signal);
      await kept();
      return contentOf(volume);
    },
    async createSnapshot(creation) {
      const volume = store.createSnapshot(creation);
      await kept();
      return contentOf(volume);
    },
    get(uniqueId) {
      const volume = store.find(uniqueId);
      return volume === undefined ? undefined : contentOf(volume);
    },
    async resize(uniqueId, sizeBytes) {
      const volume = store.resize(uniqueId, sizeBytes);
      await kept();
      return contentOf(volume);
    },
    async delete(uniqueId) {
      grants.revoke(uniqueId);
      await store.delete(uniqueId);
      await kept();
    },
    async grantAccess(uniqueId, grant) {
      const access = grantAccess(parts, uniqueId, grant);
      await kept();
      return access;
    },
    async revokeAccess(uniqueId) {
      const ended = grants.active(uniqueId);
      grants.revoke(uniqueId);
      if (ended?.access === 'Write') store.finishUpload(uniqueId);
      await kept();
      const problem = ended?.access === 'Write' ? store.find(uniqueId)?.problem : undefined;
      if (problem !== undefined) throw new DiskError('InvalidVhd', problem);
    },
    activeAccess: (uniqueId) => grants.active(uniqueId),
    readBytes: (uniqueId, offset, target) => store.usable(uniqueId).read(offset, target),
    async writeBytes(uniqueId, offset, bytes) {
      await store.usable(uniqueId).write(offset, bytes);
      parts.changed();
    },
    async clearBytes(uniqueId, offset, length) {
      await store.usable(uniqueId).clear(offset, length);
      parts.changed();
    },
    allocatedRanges: (uniqueId) => store.usable(uniqueId).map.allocated(),
    async importDifferences(uniqueId, next, signal) {
      const totals = await importDifferences(store.usable(uniqueId), next, signal);
      await kept();
      return totals;
    },
    close,
  };
}

function grantAccess(
  { store, grants, origin }: Parts,
  uniqueId: string,
  grant: { readonly access: 'Read' | 'Write'; readonly durationInSeconds: number },
): DiskAccess {
  const volume = store.usable(uniqueId);
  if ((grant.access === 'Write') !== volume.upload) {
    throw new DiskError(
      'OperationNotAllowed',
      `The state of the disk does not allow ${grant.access} access.`,
    );
  }
  const record = grants.grant(uniqueId, grant.access, grant.durationInSeconds * 1000);
  return { accessSas: `${origin}${record.path}?${grants.query(record)}`, expiresAt: record.expiresAt };
}
