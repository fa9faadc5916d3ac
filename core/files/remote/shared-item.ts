import type { FilePlace } from '../../contract/index.ts';

/** What somebody took over a link. */
export interface TakenOverLink extends FilePlace {
  readonly shareId: string;
  /** The browser's address. */
  readonly target: string;
  readonly files: number;
  readonly bytes: number;
  /** Of the whole file or archive; null when only a part of it was taken. */
  readonly sha256: string | null;
  readonly outcome: 'done' | 'partial' | 'failed' | 'cancelled';
}
