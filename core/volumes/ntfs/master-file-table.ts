import { damaged, Fields, notFound, type ReadableDisk } from '../disk/index.ts';
import type { FileContent } from '../tree/index.ts';
import type { NtfsGeometry } from './boot-sector.ts';
import { attributeType, type NtfsAttribute, type NtfsRecord, parseRecord, recordOf } from './record.ts';
import { contentOfValue, type ValueSource } from './value-content.ts';

/** Windows itself stops at a quarter of this. */
const LARGEST_LIST = 1024 * 1024;
const MOST_EXTENSIONS = 4096;

/** Finds file records and gathers the attributes that a file has in all of its records. */
export class MasterFileTable {
  readonly #source: ValueSource;
  #content: FileContent;

  private constructor(source: ValueSource, content: FileContent) {
    this.#source = source;
    this.#content = content;
  }

  /** Starts from the first record (or its copy), which describes the table itself. */
  static async open(source: ValueSource, signal: AbortSignal): Promise<MasterFileTable> {
    const first = await readFirst(source.disk, source.geometry, signal);
    const direct = first.attributes.filter((attribute) => attribute.type === attributeType.data);
    const table = new MasterFileTable(source, contentOfValue(direct, source));
    // A fragmented table lists its further pieces in records that its first piece already reaches; each
    // round may reach more of them.
    for (let round = 0; round < 64; round++) {
      const known = table.#content.size;
      const pieces = ofType(await table.#gather(first, signal), attributeType.data, '');
      table.#content = contentOfValue(pieces, source);
      if (table.#content.size === known) break;
    }
    return table;
  }

  /** Number of records that the table has room for. */
  get records(): number {
    return Math.floor(this.#content.size / this.#source.geometry.recordSize);
  }

  /** @throws AppError `not-found` when there is no such record in use */
  async read(number: number, signal: AbortSignal): Promise<NtfsRecord> {
    const { recordSize } = this.#source.geometry;
    if (!Number.isInteger(number) || number < 0 || number >= this.records)
      throw notFound(`File record ${number}`);
    const bytes = await this.#content.read(number * recordSize, recordSize, signal);
    const record = parseRecord(number, bytes);
    if (!record.inUse) throw notFound(`File record ${number}`);
    return record;
  }

  /** All attributes of a file, those in its extension records included; a list's order is kept. */
  async attributes(
    number: number,
    signal: AbortSignal,
  ): Promise<{ record: NtfsRecord; all: NtfsAttribute[] }> {
    const record = await this.read(number, signal);
    if (record.base !== 0) throw notFound(`File ${number}`);
    return { record, all: await this.#gather(record, signal) };
  }

  /** The value of an attribute, or undefined when the file has none of that type and name. */
  content(attributes: readonly NtfsAttribute[], type: number, name: string): FileContent | undefined {
    const pieces = ofType(attributes, type, name);
    return pieces.length === 0 ? undefined : contentOfValue(pieces, this.#source);
  }

  async #gather(record: NtfsRecord, signal: AbortSignal): Promise<NtfsAttribute[]> {
    const list = record.attributes.find((attribute) => attribute.type === attributeType.attributeList);
    if (list === undefined) return [...record.attributes];
    const content = contentOfValue([list], this.#source);
    if (content.size > LARGEST_LIST) throw damaged('attribute list', 'it claims to be far too large');
    const entries = listEntries(new Fields(await content.read(0, content.size, signal), 'attribute list'));
    const records = new Map<number, NtfsRecord>([[record.number, record]]);
    const gathered: NtfsAttribute[] = [];
    for (const entry of entries) {
      const holder =
        records.get(entry.record) ?? (await this.#extension(entry.record, record.number, signal));
      records.set(entry.record, holder);
      if (records.size > MOST_EXTENSIONS) throw damaged('attribute list', 'it names too many records');
      const found = holder.attributes.find(({ type, id }) => type === entry.type && id === entry.id);
      if (found === undefined) throw damaged('attribute list', 'it names an attribute that is not there');
      gathered.push(found);
    }
    return gathered;
  }

  async #extension(number: number, base: number, signal: AbortSignal): Promise<NtfsRecord> {
    const record = await this.read(number, signal);
    if (record.base !== base) throw damaged('attribute list', 'it names a record of another file');
    return record;
  }
}

/** The record and id of each attribute, in the order of the list. */
function listEntries(fields: Fields): { type: number; record: number; id: number }[] {
  const entries: { type: number; record: number; id: number }[] = [];
  for (let at = 0; at + 26 <= fields.length; ) {
    const length = fields.u16(at + 4);
    if (length < 26) throw damaged('attribute list', 'an entry has an impossible length');
    entries.push({ type: fields.u32(at), record: recordOf(fields, at + 16), id: fields.u16(at + 24) });
    at += length;
  }
  return entries;
}

function ofType(attributes: readonly NtfsAttribute[], type: number, name: string): NtfsAttribute[] {
  return attributes
    .filter((attribute) => attribute.type === type && attribute.name === name)
    .sort((a, b) => (a.mapping?.firstCluster ?? 0) - (b.mapping?.firstCluster ?? 0));
}

async function readFirst(
  disk: ReadableDisk,
  geometry: NtfsGeometry,
  signal: AbortSignal,
): Promise<NtfsRecord> {
  const { clusterSize, recordSize, mftCluster, mirrorCluster } = geometry;
  try {
    return parseRecord(0, await disk.read(mftCluster * clusterSize, recordSize, signal));
  } catch (thrown) {
    if (mirrorCluster === 0 || mirrorCluster >= geometry.clusters) throw thrown;
    return parseRecord(0, await disk.read(mirrorCluster * clusterSize, recordSize, signal));
  }
}
