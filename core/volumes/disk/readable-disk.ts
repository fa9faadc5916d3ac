/**
 * The port through which everything here reads: random access to the bytes of a disk, whether they come
 * from a restore point, a snapshot or a raw image. What is read is untrusted.
 */
export interface ReadableDisk {
  /** Length in bytes. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset`. The caller keeps inside `0..size` and never writes into what it
   * gets, which may be shared. Rejects with an AppError when the bytes cannot be had.
   */
  read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array>;
}
