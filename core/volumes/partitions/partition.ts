/** One partition of a disk. */
export interface Partition {
  /** Its number as Linux counts: logical partitions start at 5. */
  readonly number: number;
  /** Byte offset on the disk. */
  readonly start: number;
  /** Bytes. */
  readonly size: number;
  /** GPT type GUID, or `0xNN` of an MBR entry. */
  readonly type: string;
  /** GPT name, else empty. */
  readonly name: string;
  /** GPT unique id, else empty. */
  readonly uuid: string;
}

export type PartitionScheme = 'gpt' | 'mbr' | 'none';

export interface PartitionTable {
  readonly scheme: PartitionScheme;
  /** The disk's GUID (GPT) or its signature in eight hexadecimal digits (MBR), else empty. */
  readonly diskId: string;
  readonly partitions: readonly Partition[];
  /** One sentence when the table was not in order (primary header damaged and the like). */
  readonly note: string;
}
