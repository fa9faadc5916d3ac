import type { FileServiceLimits } from '../service/local-file-service.ts';

/** Where the thread reads the disks from. Stores and readers stay with the caller, who holds their credentials. */
export type ThreadSource =
  | {
      readonly kind: 'repository';
      readonly pointId: string;
      /** Undefined for a repository without encryption. */
      readonly dataKey: Uint8Array | undefined;
      /** Bytes of unpacked blocks kept for all disks together. */
      readonly cacheBytes: number | undefined;
    }
  /** Raw images in local files, one for each disk. */
  | { readonly kind: 'images'; readonly paths: readonly string[] }
  /** Disks that the caller reads; given by their sizes. */
  | { readonly kind: 'disks'; readonly sizes: readonly number[] };

export interface ThreadSetup {
  readonly source: ThreadSource;
  readonly limits: FileServiceLimits;
}
