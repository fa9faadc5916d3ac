import { damaged, Fields, invalidInput, notFound, type ReadableDisk } from '../disk/index.ts';
import type { FatTable } from '../fat/index.ts';
import {
  bareNode,
  type DirectoryEntry,
  type FileContent,
  type FileSystem,
  type FileSystemFacts,
  InlineContent,
  isUsableName,
  MappedContent,
  type NodeInfo,
  RunList,
  type VolumeLimits,
} from '../tree/index.ts';
import type { ExfatGeometry } from './boot-sector.ts';
import { DIRECTORY_BIT, ENTRY, type ExfatNode, entryType, parseEntrySet, setLength } from './entry-set.ts';

export interface ExfatParts {
  readonly disk: ReadableDisk;
  readonly geometry: ExfatGeometry;
  readonly table: FatTable;
  readonly facts: FileSystemFacts;
  readonly limits: VolumeLimits;
}

/**
 * exFAT. A node's id is twice the number of its entry, counted from the volume's start in units of 32
 * bytes, plus one when its directory's clusters follow each other without the allocation table.
 */
export class ExfatFileSystem implements FileSystem {
  readonly facts: FileSystemFacts;
  readonly root = 0;
  readonly #parts: ExfatParts;

  constructor(parts: ExfatParts) {
    this.facts = parts.facts;
    this.#parts = parts;
  }

  async stat(id: number, signal: AbortSignal): Promise<NodeInfo> {
    const node = await this.#node(id, signal);
    const { clusterSize } = this.#parts.geometry;
    const isDirectory = (node.attributes & DIRECTORY_BIT) !== 0;
    return {
      ...bareNode,
      id,
      kind: isDirectory ? 'directory' : 'file',
      size: node.size,
      allocated: Math.ceil(node.size / clusterSize) * clusterSize,
      links: 1,
      times: node.times,
      attributes: attributesOf(node.attributes),
    };
  }

  async *entries(directory: number, signal: AbortSignal): AsyncIterable<readonly DirectoryEntry[]> {
    const node = await this.#node(directory, signal);
    if (!(node.attributes & DIRECTORY_BIT)) throw invalidInput('directory', 'is not a directory');
    const { clusterSize, data } = this.#parts.geometry;
    const runs = await this.#runs(node, directory === this.root, signal);
    const contiguous = node.contiguous ? 1 : 0;
    let carried: { bytes: Uint8Array; id: number } | undefined;
    for (let cluster = 0; cluster < runs.end; cluster++) {
      const run = runs.find(cluster);
      const place = data + ((run.at ?? 0) + cluster - run.start) * clusterSize;
      const bytes = await this.#parts.disk.read(place, clusterSize, signal);
      const taken = takeEntries({ bytes, carried, idAt: (at) => ((place + at) / ENTRY) * 2 + contiguous });
      yield taken.entries;
      if (taken.ended) return;
      carried = taken.carried;
    }
  }

  async content(id: number, stream: string, signal: AbortSignal): Promise<FileContent> {
    if (stream !== '') throw notFound(`The stream ${stream}`);
    const node = await this.#node(id, signal);
    if (node.attributes & DIRECTORY_BIT) throw invalidInput('file', 'is not a regular file');
    if (node.size === 0) return new InlineContent(new Uint8Array(0));
    const { geometry, disk } = this.#parts;
    const runs = await this.#runs(node, false, signal);
    if (runs.end * geometry.clusterSize < node.size)
      throw damaged('allocation table', 'a file is shorter than its directory says');
    const findRun = runs.inBytes(geometry.clusterSize, geometry.data);
    return new MappedContent({ disk, size: node.size, validSize: node.validSize, findRun });
  }

  async linkTarget(): Promise<Uint8Array> {
    throw invalidInput('link', 'is not a symbolic link');
  }

  async #runs(node: ExfatNode, isRoot: boolean, signal: AbortSignal): Promise<RunList> {
    const { geometry, table, limits } = this.#parts;
    const isDirectory = (node.attributes & DIRECTORY_BIT) !== 0;
    if (isDirectory && node.size > limits.directoryBytes)
      throw damaged('directory', 'it claims to be far too large');
    const most = isRoot
      ? Math.ceil(limits.directoryBytes / geometry.clusterSize)
      : Math.ceil(node.size / geometry.clusterSize);
    if (!node.contiguous) return table.runs(node.firstCluster, { most, pieces: limits.fileRuns }, signal);
    const outside = node.firstCluster < 2 || node.firstCluster - 2 + most > geometry.clusters;
    if (outside) throw damaged('directory entry', 'its clusters do not exist');
    const list = new RunList(1);
    if (most > 0) list.push(most, node.firstCluster - 2);
    return list;
  }

  async #node(id: number, signal: AbortSignal): Promise<ExfatNode> {
    const { geometry, disk } = this.#parts;
    if (id === this.root) return rootNode(this.facts, geometry);
    const place = Math.floor(id / 2) * ENTRY;
    if (!Number.isSafeInteger(id) || place < geometry.data || place + ENTRY > disk.size)
      throw notFound(`Entry ${id}`);
    const first = new Fields(await disk.read(place, ENTRY, signal), 'directory entry');
    if (first.u8(0) !== entryType.file) throw notFound(`Entry ${id}`);
    return parseEntrySet(
      await this.#set({ place, length: setLength(first) * ENTRY, contiguous: id % 2 === 1 }, signal),
    );
  }

  /** A set's bytes, which may go on in the directory's next cluster. */
  async #set(
    set: { place: number; length: number; contiguous: boolean },
    signal: AbortSignal,
  ): Promise<Fields> {
    const { geometry, disk, table } = this.#parts;
    const inCluster = (set.place - geometry.data) % geometry.clusterSize;
    const here = Math.min(set.length, geometry.clusterSize - inCluster);
    const first = await disk.read(set.place, here, signal);
    if (here === set.length) return new Fields(first, 'directory entry');
    const cluster = 2 + Math.floor((set.place - geometry.data) / geometry.clusterSize);
    const next = set.contiguous ? cluster + 1 : await table.next(cluster, signal);
    if (next === undefined || !table.isCluster(next)) throw damaged('directory', 'an entry is cut short');
    const at = geometry.data + (next - 2) * geometry.clusterSize;
    const rest = Math.min(set.length - here, geometry.clusterSize);
    return new Fields(Buffer.concat([first, await disk.read(at, rest, signal)]), 'directory entry');
  }
}

interface Taken {
  readonly entries: DirectoryEntry[];
  readonly carried: { bytes: Uint8Array; id: number } | undefined;
  readonly ended: boolean;
}

/** The entries that end in this cluster; what begins here and ends in the next is carried over. */
function takeEntries(input: {
  bytes: Uint8Array;
  carried: { bytes: Uint8Array; id: number } | undefined;
  idAt: (at: number) => number;
}): Taken {
  const { carried } = input;
  const shift = carried?.bytes.length ?? 0;
  const all = new Fields(
    carried === undefined ? input.bytes : Buffer.concat([carried.bytes, input.bytes]),
    'directory',
  );
  const entries: DirectoryEntry[] = [];
  for (let at = 0; at + ENTRY <= all.length; ) {
    const type = all.u8(at);
    if (type === 0) return { entries, carried: undefined, ended: true };
    const length = type === entryType.file ? (1 + all.u8(at + 1)) * ENTRY : ENTRY;
    const id = at === 0 && carried !== undefined ? carried.id : input.idAt(at - shift);
    if (at + length > all.length) {
      const rest = Uint8Array.from(all.slice(at, all.length - at));
      return { entries, carried: { bytes: rest, id }, ended: false };
    }
    if (type === entryType.file) {
      const node = parseEntrySet(new Fields(all.slice(at, length), 'directory'));
      const kind = node.attributes & DIRECTORY_BIT ? 'directory' : 'file';
      if (isUsableName(node.name.bytes)) entries.push({ name: node.name, id, kind });
    }
    at += length;
  }
  return { entries, carried: undefined, ended: false };
}

function rootNode(facts: FileSystemFacts, geometry: ExfatGeometry): ExfatNode {
  return {
    name: { bytes: new Uint8Array(0), text: facts.label },
    attributes: DIRECTORY_BIT,
    times: { modified: undefined, accessed: undefined, changed: undefined, created: undefined },
    firstCluster: geometry.rootCluster,
    contiguous: false,
    size: 0,
    validSize: 0,
  };
}

function attributesOf(bits: number): string[] {
  const names = [
    [1, 'readonly'],
    [2, 'hidden'],
    [4, 'system'],
    [0x20, 'archive'],
  ] as const;
  return names.filter(([bit]) => bits & bit).map(([, name]) => name);
}
