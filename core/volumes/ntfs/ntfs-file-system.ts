import { toAppError } from '../../contract/index.ts';
import { damaged, Fields, invalidInput, notFound, notSupported } from '../disk/index.ts';
import {
  bareNode,
  type DirectoryEntry,
  type FileContent,
  type FileSystem,
  type FileSystemFacts,
  type NodeInfo,
  type VolumeLimits,
} from '../tree/index.ts';
import { entriesOfIndexBlock, entriesOfRoot, indexBlockSize } from './directory-index.ts';
import { interixLink } from './interix.ts';
import type { MasterFileTable } from './master-file-table.ts';
import { attributeType, type NtfsAttribute, type NtfsRecord } from './record.ts';
import { isCloudFile, parseReparsePoint, type ReparsePoint } from './reparse.ts';
import { ownerOf, readOwners } from './security.ts';
import { fileAttribute, parseStandardInformation, type StandardInformation } from './standard-information.ts';
import { WOF_STREAM, type WofCompression, WofContent } from './wof/index.ts';

/** Bytes of a directory that are read at once. */
const DIRECTORY_STEP = 1024 * 1024;
const ROOT = 5;
const SECURE = 9;
/** Records below are the file system's own. */
const FIRST_USER_RECORD = 16;
const LARGEST_REPARSE = 65536;

/** A file with all that its records say. */
interface NtfsFile {
  readonly record: NtfsRecord;
  readonly all: readonly NtfsAttribute[];
  readonly standard: StandardInformation;
}

/** NTFS versions 3.0 and 3.1. */
export class NtfsFileSystem implements FileSystem {
  readonly facts: FileSystemFacts;
  readonly root = ROOT;
  readonly #table: MasterFileTable;
  readonly #limits: VolumeLimits;
  #owners: Promise<Map<number, string>> | undefined;

  constructor(parts: { table: MasterFileTable; facts: FileSystemFacts; limits: VolumeLimits }) {
    this.facts = parts.facts;
    this.#table = parts.table;
    this.#limits = parts.limits;
  }

  async stat(id: number, signal: AbortSignal): Promise<NodeInfo> {
    const file = await this.#file(id, signal);
    const reparse = await this.#reparse(file, signal);
    const link = await this.#linkText(file, reparse, signal);
    const data = mainData(file);
    const isDirectory = file.record.isDirectory;
    const kind = link !== undefined ? 'symlink' : isDirectory ? 'directory' : 'file';
    return {
      ...bareNode,
      id,
      kind,
      size: link !== undefined ? Buffer.byteLength(link) : sizeOf(data),
      allocated: data?.mapping?.allocated ?? 0,
      links: linksOf(file),
      times: file.standard.times,
      sid: await this.#sid(file, signal),
      attributes: file.standard.attributes,
      streams: streamsOf(file).filter(
        ({ name }) => reparse?.compression === undefined || name !== WOF_STREAM,
      ),
      unreadable: whyUnreadable(reparse, data, kind),
    };
  }

  async *entries(directory: number, signal: AbortSignal): AsyncIterable<readonly DirectoryEntry[]> {
    const file = await this.#file(directory, signal);
    if (!file.record.isDirectory) throw invalidInput('directory', 'is not a directory');
    const rootValue = file.all.find(({ type, name }) => type === attributeType.indexRoot && name === '$I30');
    if (rootValue?.value === undefined) throw damaged('directory', 'its index is missing');
    yield visible(entriesOfRoot(rootValue.value));
    const blocks = this.#table.content(file.all, attributeType.indexAllocation, '$I30');
    if (blocks === undefined) return;
    if (blocks.size > this.#limits.directoryBytes)
      throw damaged('directory', 'it claims to be far too large');
    const size = indexBlockSize(rootValue.value);
    const bitmap = await this.#bitmap(file, Math.ceil(blocks.size / size / 8), signal);
    const atOnce = Math.max(1, Math.floor(DIRECTORY_STEP / size));
    for (let block = 0; (block + 1) * size <= blocks.size; block += atOnce) {
      const bytes = await blocks.read(block * size, atOnce * size, signal);
      const batch: DirectoryEntry[] = [];
      for (let index = 0; (index + 1) * size <= bytes.length; index++) {
        const used = ((bitmap[(block + index) >> 3] ?? 0) & (1 << ((block + index) & 7))) !== 0;
        if (used)
          batch.push(...visible(entriesOfIndexBlock(bytes.subarray(index * size, (index + 1) * size))));
      }
      yield batch;
    }
  }

  async content(id: number, stream: string, signal: AbortSignal): Promise<FileContent> {
    const file = await this.#file(id, signal);
    if (stream === '') {
      if (file.record.isDirectory) throw invalidInput('file', 'is not a regular file');
      const reparse = await this.#reparse(file, signal);
      const why = whyUnreadable(reparse, mainData(file), 'file');
      if (why !== undefined) throw notSupported(`A file ${why}`);
      if (reparse?.compression !== undefined) return this.#unpacked(file, reparse.compression);
    }
    const content = this.#table.content(file.all, attributeType.data, stream);
    if (content === undefined) throw notFound(stream === '' ? 'The content' : `The stream ${stream}`);
    return content;
  }

  #unpacked(file: NtfsFile, compression: WofCompression): FileContent {
    const packed = this.#table.content(file.all, attributeType.data, WOF_STREAM);
    if (packed === undefined) throw damaged('compressed file', 'its compressed content is missing');
    return new WofContent({ packed, size: sizeOf(mainData(file)), compression });
  }

  async linkTarget(id: number, signal: AbortSignal): Promise<Uint8Array> {
    const file = await this.#file(id, signal);
    const link = await this.#linkText(file, await this.#reparse(file, signal), signal);
    if (link === undefined) throw invalidInput('link', 'is not a symbolic link');
    return Buffer.from(link);
  }

  async #file(id: number, signal: AbortSignal): Promise<NtfsFile> {
    const { record, all } = await this.#table.attributes(id, signal);
    const standard = all.find(({ type }) => type === attributeType.standardInformation);
    if (standard?.value === undefined) throw damaged(`file record ${id}`, 'it has no standard information');
    return { record, all, standard: parseStandardInformation(standard.value) };
  }

  async #reparse(file: NtfsFile, signal: AbortSignal): Promise<ReparsePoint | undefined> {
    const content = this.#table.content(file.all, attributeType.reparsePoint, '');
    if (content === undefined) return undefined;
    if (content.size > LARGEST_REPARSE) throw damaged('reparse point', 'it claims to be far too large');
    const fields = new Fields(await content.read(0, content.size, signal), 'reparse point');
    const away = isCloudFile(fields) && (file.standard.flags & fileAttribute.recallOnData) !== 0;
    return away
      ? { target: undefined, unreadable: 'kept in a cloud drive, not on this disk' }
      : parseReparsePoint(fields);
  }

  /** Links made by Windows are reparse points, those made by Unix subsystems and ntfs-3g are system files. */
  async #linkText(
    file: NtfsFile,
    reparse: ReparsePoint | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (reparse !== undefined) return reparse.target;
    const data = mainData(file);
    if (!(file.standard.flags & fileAttribute.system) || data === undefined) return undefined;
    const content = this.#table.content(file.all, attributeType.data, '');
    return content === undefined || data.encrypted ? undefined : interixLink(content, signal);
  }

  async #bitmap(file: NtfsFile, length: number, signal: AbortSignal): Promise<Uint8Array> {
    const content = this.#table.content(file.all, attributeType.bitmap, '$I30');
    return content === undefined ? new Uint8Array(length).fill(0xff) : content.read(0, length, signal);
  }

  async #sid(file: NtfsFile, signal: AbortSignal): Promise<string | undefined> {
    const inRecord = file.all.find(({ type }) => type === attributeType.securityDescriptor)?.value;
    if (inRecord !== undefined) return ownerOf(inRecord);
    const own = this.#table.content(file.all, attributeType.securityDescriptor, '');
    if (own !== undefined && own.size <= 65536)
      return ownerOf(new Fields(await own.read(0, own.size, signal), 'security descriptor'));
    const { securityId } = file.standard;
    if (securityId === 0) return undefined;
    return (await this.#sharedOwners(signal)).get(securityId);
  }

  /** Read once; where they are damaged owners stay unknown, which must not keep anybody from the files. */
  async #sharedOwners(signal: AbortSignal): Promise<Map<number, string>> {
    this.#owners ??= this.#readSharedOwners(signal);
    try {
      return await this.#owners;
    } catch (thrown) {
      this.#owners = undefined;
      if (!['damaged', 'not-found', 'not-supported'].includes(toAppError(thrown).code)) throw thrown;
      const none = new Map<number, string>();
      this.#owners = Promise.resolve(none);
      return none;
    }
  }

  async #readSharedOwners(signal: AbortSignal): Promise<Map<number, string>> {
    const { all } = await this.#table.attributes(SECURE, signal);
    const stream = this.#table.content(all, attributeType.data, '$SDS');
    return stream === undefined ? new Map() : readOwners(stream, signal);
  }
}

function visible(entries: readonly DirectoryEntry[]): DirectoryEntry[] {
  return entries.filter((entry) => entry.id >= FIRST_USER_RECORD);
}

function mainData(file: NtfsFile): NtfsAttribute | undefined {
  return dataPieces(file).find(({ name }) => name === '');
}

/** The first piece of each stream. */
function dataPieces(file: NtfsFile): NtfsAttribute[] {
  return file.all.filter(
    ({ type, mapping }) => type === attributeType.data && (mapping?.firstCluster ?? 0) === 0,
  );
}

function sizeOf(attribute: NtfsAttribute | undefined): number {
  return attribute?.value?.length ?? attribute?.mapping?.size ?? 0;
}

function streamsOf(file: NtfsFile): { name: string; size: number }[] {
  return dataPieces(file)
    .filter(({ name }) => name !== '')
    .map((attribute) => ({ name: attribute.name, size: sizeOf(attribute) }));
}

/** Names of the file, its DOS name not counted. */
function linksOf(file: NtfsFile): number {
  const names = file.all.filter(({ type, value }) => type === attributeType.fileName && value?.u8(65) !== 2);
  return Math.max(1, names.length);
}

function whyUnreadable(
  reparse: ReparsePoint | undefined,
  data: NtfsAttribute | undefined,
  kind: string,
): string | undefined {
  if (reparse?.unreadable !== undefined) return reparse.unreadable;
  return kind === 'file' && data?.encrypted ? 'encrypted by the guest (EFS)' : undefined;
}
