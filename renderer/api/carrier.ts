import type { Reply } from '../../core/contract/index.ts';

/** Called by a carrier for what core pushes, and when the way to core opens or breaks. */
export interface CarrierListener {
  /** An event as it came over the border; not yet checked. */
  onEvent(event: unknown): void;
  /** `open` also after a break: whatever was pushed in between is lost. */
  onConnection(state: 'open' | 'lost'): void;
}

/** What carries calls and events between the console and core. Rejects only when the way itself failed. */
export interface Carrier {
  call(name: string, input: unknown, signal?: AbortSignal): Promise<Reply>;
  /** Returns the function that ends the subscription. */
  subscribe(listener: CarrierListener): () => void;
}
