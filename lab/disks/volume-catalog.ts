import { execFile } from 'node:child_process';
import { link, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What survives a restart about one disk or snapshot; its chunk map lies in a file of its own. */
export interface VolumeRecord {
  readonly uniqueId: string;
  readonly kind: 'disk' | 'snapshot';
  readonly poolId: string;
  readonly sizeBytes: number;
  readonly familyId: string | undefined;
  /** Order of snapshots in time; a copy keeps it. */
  readonly sequence: number;
  /** Set while a direct upload has not ended. */
  readonly upload: boolean;
  /** Why the uploaded disk cannot be used. */
  readonly problem: string | undefined;
  /** Base64 of the footer that an upload has sent so far. */
  readonly footer: string | undefined;
  readonly createdAt: number;
}

export interface PoolRecord {
  readonly poolId: string;
  readonly baseBytes: number;
  readonly nextSlot: number;
}

export interface GrantRecord {
  readonly uniqueId: string;
  readonly access: 'Read' | 'Write';
  readonly expiresAt: number;
  readonly accessId: string;
  /** Host-like first segment, container and blob name of the SAS URL. */
  readonly path: string;
}

export interface CatalogContent {
  readonly version: 1;
  readonly signingKey: string;
  readonly sequence: number;
  readonly volumes: readonly VolumeRecord[];
  readonly pools: readonly PoolRecord[];
  readonly grants: readonly GrantRecord[];
}

/** Files of a disk store: `catalog.json`, one `.map` per volume, one data and perhaps one base file per pool. */
export class VolumeCatalog {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  dataFile(poolId: string): string {
    return join(this.folder, `${poolId}.data`);
  }

  baseFile(poolId: string): string {
    return join(this.folder, `${poolId}.base`);
  }

  async load(): Promise<CatalogContent | undefined> {
    await mkdir(this.folder, { recursive: true });
    const text = await readFile(join(this.folder, 'catalog.json'), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const content = JSON.parse(text) as CatalogContent;
    if (content.version !== 1) throw new Error(`${this.folder} was written by another version of the lab`);
    return content;
  }

  async save(content: CatalogContent): Promise<void> {
    await this.#replace('catalog.json', JSON.stringify(content));
  }

  async loadMap(uniqueId: string): Promise<Uint8Array> {
    return readFile(join(this.folder, `${uniqueId}.map`));
  }

  async saveMap(uniqueId: string, map: Uint8Array): Promise<void> {
    await this.#replace(`${uniqueId}.map`, map);
  }

  /**
   * Makes an image the base of a pool. A store that must outlive the image's folder takes a hard link, or a sparse copy
   * on another file system; any other store only points at the image.
   */
  async adoptBase(poolId: string, image: string, keep: boolean): Promise<void> {
    const target = this.baseFile(poolId);
    if (!keep) return symlink(resolve(image), target);
    try {
      await link(image, target);
    } catch {
      await run('cp', ['--sparse=always', '--', image, target]);
    }
  }

  /** Deletes the files of pools and volumes that the catalog no longer names. */
  async clean(content: CatalogContent): Promise<void> {
    const wanted = new Set(content.volumes.map((v) => `${v.uniqueId}.map`));
    for (const pool of content.pools) wanted.add(`${pool.poolId}.data`).add(`${pool.poolId}.base`);
    for (const name of await readdir(this.folder)) {
      const ours = /\.(map|data|base|new)$/.test(name);
      if (ours && !wanted.has(name)) await rm(join(this.folder, name), { force: true });
    }
  }

  async #replace(name: string, content: string | Uint8Array): Promise<void> {
    const target = join(this.folder, name);
    await writeFile(`${target}.new`, content, { mode: 0o600 });
    await rename(`${target}.new`, target);
  }
}
