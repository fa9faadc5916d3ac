import { damaged, Fields, invalidInput, notFound, type ReadableDisk } from '../disk/index.ts';
import {
  bareNode,
  type DirectoryEntry,
  type FileContent,
  type FileSystem,
  type FileSystemFacts,
  InlineContent,
  MappedContent,
  type NodeInfo,
  type VolumeLimits,
} from '../tree/index.ts';
import type { FatGeometry } from './boot-sector.ts';
import type { FatTable } from './cluster-chain.ts';
import { FatDirectoryReader, fatAttribute } from './directory.ts';
import { fatTime } from './fat-times.ts';

const STEP = 64 * 1024;

export interface FatParts {
  readonly disk: ReadableDisk;
  readonly geometry: FatGeometry;
  readonly table: FatTable;
  readonly facts: FileSystemFacts;
  readonly limits: VolumeLimits;
}

/** FAT12, FAT16 and FAT32 with long names. A node's id is the place of its entry on the volume. */
export class FatFileSystem implements FileSystem {
  readonly facts: FileSystemFacts;
  readonly root = 0;
  readonly #parts: FatParts;

  constructor(parts: FatParts) {
    this.facts = parts.facts;
    this.#parts = parts;
  }

  async stat(id: number, signal: AbortSignal): Promise<NodeInfo> {
    const base = { ...bareNode, id, links: 1 };
    if (id === this.root) return { ...base, kind: 'directory', size: 0, allocated: 0, times: noTimes };
    const entry = await this.#entry(id, signal);
    const isDirectory = (entry.u8(11) & fatAttribute.directory) !== 0;
    const size = isDirectory ? 0 : entry.u32(28);
    const { clusterSize } = this.#parts.geometry;
    return {
      ...base,
      kind: isDirectory ? 'directory' : 'file',
      size,
      allocated: Math.ceil(size / clusterSize) * clusterSize,
      times: {
        modified: fatTime(entry.u16(24), entry.u16(22)),
        accessed: fatTime(entry.u16(18), 0),
        created: fatTime(entry.u16(16), entry.u16(14), entry.u8(13)),
        changed: undefined,
      },
      attributes: attributesOf(entry.u8(11)),
    };
  }

  async *entries(directory: number, signal: AbortSignal): AsyncIterable<readonly DirectoryEntry[]> {
    const reader = new FatDirectoryReader();
    for await (const { bytes, place } of this.#directoryBytes(directory, signal)) {
      yield reader.take(bytes, place);
      if (reader.ended) return;
    }
  }

  async content(id: number, stream: string, signal: AbortSignal): Promise<FileContent> {
    if (stream !== '') throw notFound(`The stream ${stream}`);
    const entry = id === this.root ? undefined : await this.#entry(id, signal);
    if (entry === undefined || entry.u8(11) & fatAttribute.directory)
      throw invalidInput('file', 'is not a regular file');
    const size = entry.u32(28);
    if (size === 0) return new InlineContent(new Uint8Array(0));
    const { table, geometry, limits, disk } = this.#parts;
    const most = Math.ceil(size / geometry.clusterSize);
    const runs = await table.runs(firstCluster(entry, geometry), { most, pieces: limits.fileRuns }, signal);
    if (runs.end < most) throw damaged('allocation table', 'a file is shorter than its directory says');
    return new MappedContent({ disk, size, findRun: runs.inBytes(geometry.clusterSize, geometry.data) });
  }

  async linkTarget(): Promise<Uint8Array> {
    throw invalidInput('link', 'is not a symbolic link');
  }

  async #entry(id: number, signal: AbortSignal): Promise<Fields> {
    const { disk, geometry } = this.#parts;
    if (!Number.isSafeInteger(id) || id % 32 !== 0 || id < geometry.root || id + 32 > disk.size)
      throw notFound(`Entry ${id}`);
    const entry = new Fields(await disk.read(id, 32, signal), 'directory entry');
    if ([0, 0xe5].includes(entry.u8(0)) || entry.u8(11) & fatAttribute.label) throw notFound(`Entry ${id}`);
    return entry;
  }

  /** The bytes of a directory with their places on the volume. */
  async *#directoryBytes(
    id: number,
    signal: AbortSignal,
  ): AsyncGenerator<{ bytes: Uint8Array; place: number }> {
    const { disk, geometry, table, limits } = this.#parts;
    const entry = id === this.root ? undefined : await this.#entry(id, signal);
    if (entry !== undefined && !(entry.u8(11) & fatAttribute.directory))
      throw invalidInput('directory', 'is not a directory');
    const first = entry === undefined ? geometry.rootCluster : firstCluster(entry, geometry);
    if (entry === undefined && geometry.kind !== 'fat32') {
      yield { bytes: await disk.read(geometry.root, geometry.rootBytes, signal), place: geometry.root };
      return;
    }
    const { clusterSize, data } = geometry;
    const most = Math.ceil(limits.directoryBytes / clusterSize);
    const runs = await table.runs(first, { most, pieces: limits.fileRuns }, signal);
    for (let cluster = 0; cluster < runs.end; ) {
      const run = runs.find(cluster);
      const count = Math.min(run.start + run.length - cluster, Math.max(1, Math.floor(STEP / clusterSize)));
      const place = data + ((run.at ?? 0) + cluster - run.start) * clusterSize;
      yield { bytes: await disk.read(place, count * clusterSize, signal), place };
      cluster += count;
    }
  }
}

const noTimes = { modified: undefined, accessed: undefined, changed: undefined, created: undefined } as const;

function firstCluster(entry: Fields, geometry: FatGeometry): number {
  return entry.u16(26) + (geometry.kind === 'fat32' ? entry.u16(20) * 65536 : 0);
}

function attributesOf(bits: number): string[] {
  const names = ['readonly', 'hidden', 'system', 'archive'] as const;
  return names.filter((name) => bits & fatAttribute[name]);
}
