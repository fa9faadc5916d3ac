import type { FileSelection } from '../../contract/index.ts';
import type { FileService } from '../file-service.ts';
import type { NamePlatform } from '../names/platform-rules.ts';

/** What all ways of saving need. */
export interface SaveOptions {
  readonly signal: AbortSignal;
  /**
   * Tells this save apart from others into the same folder, and finds it again after a crash: the same id, selection
   * and target go on where they stopped.
   */
  readonly id: string;
  /** What becomes of files that are there already. With `keep` a single file or archive is refused. */
  readonly existing: 'keep' | 'replace';
  /** Whose rules names must keep. Default: this computer's. */
  readonly platform?: NamePlatform;
  /** Called after every piece and every entry; what an earlier run has done counts. */
  readonly onProgress?: (progress: SaveProgress) => void;
  /** Called for every file that is complete, also for those of an earlier run. */
  readonly onFile?: (file: SavedFile) => void;
  /**
   * Called when all is written and before the journal goes: a run that is interrupted after this was told, one that
   * is interrupted in it is told again. What it throws ends the save.
   */
  readonly onSaved?: (report: SaveReport) => void;
}

export interface SaveProgress {
  readonly files: number;
  readonly bytes: number;
}

export interface SavedFile {
  /** In the selection, as the guest calls it. */
  readonly relativePath: string;
  /** Below the target folder, parts joined by `/`. */
  readonly savedAs: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

export interface SaveReport extends SaveProgress {
  /** Of the file or archive; null for a folder. */
  readonly sha256: string | null;
  /** What is not there, or not as it was; the first 100. */
  readonly problems: readonly { readonly path: string; readonly reason: string }[];
  readonly problemCount: number;
  /** Names that had to change; the first 100. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  readonly renamedCount: number;
}

export type SavingService = Pick<FileService, 'walk' | 'read'>;

export interface SavedSelection {
  readonly selection: FileSelection;
  /** An absolute path of this computer; made when it is missing, in a folder that exists. */
  readonly folder: string;
}
