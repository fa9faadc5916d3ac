import { type Reply, replySchema } from '../../core/contract/index.ts';
import type { Carrier, TargetQuestion } from './carrier.ts';

/** What the desktop shell's preload exposes as `window.cairn`. */
export interface CairnBridge {
  call(name: string, input: unknown): Promise<Reply>;
  subscribe(listener: (event: unknown) => void): () => void;
  /** Opens the system's dialog for saving. */
  chooseTarget?(question: TargetQuestion): Promise<string | null>;
}

declare global {
  interface Window {
    readonly cairn?: CairnBridge;
  }
}

/** Carries calls over the desktop shell's bridge. The bridge cannot abort a call: its answer is dropped instead. */
export function createBridgeCarrier(bridge: CairnBridge): Carrier {
  const { chooseTarget } = bridge;
  return {
    ...(chooseTarget === undefined ? {} : { chooseTarget: (question) => chooseTarget(question) }),
    async call(name, input, signal) {
      const reply = replySchema.parse(await bridge.call(name, input));
      signal?.throwIfAborted();
      return reply;
    },
    subscribe(listener) {
      const end = bridge.subscribe((event) => listener.onEvent(event));
      listener.onConnection('open');
      return end;
    },
  };
}
