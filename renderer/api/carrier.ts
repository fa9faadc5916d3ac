import type { Reply } from '../../core/contract/index.ts';

/** Called by a carrier for what core pushes, and when the way to core opens or breaks. */
export interface CarrierListener {
  /** An event as it came over the border; not yet checked. */
  onEvent(event: unknown): void;
  /** `open` also after a break: whatever was pushed in between is lost. */
  onConnection(state: 'open' | 'lost'): void;
}

/** What a person is asked for when something is saved on the computer that the desktop shell runs on. */
export interface TargetQuestion {
  readonly kind: 'file' | 'folder';
  /** What the target should be called. */
  readonly fileName: string;
}

/** What carries calls and events between the console and core. Rejects only when the way itself failed. */
export interface Carrier {
  call(name: string, input: unknown, signal?: AbortSignal): Promise<Reply>;
  /** Returns the function that ends the subscription. */
  subscribe(listener: CarrierListener): () => void;
  /** Where a browser fetches a streamed download; absent where nothing can be streamed. */
  readonly downloadAddress?: (downloadId: string) => string;
  /** Lets a person choose a place on this computer; null when they chose none. Absent where no such dialog exists. */
  readonly chooseTarget?: (question: TargetQuestion) => Promise<string | null>;
}
