import type { ErrorRecord } from '../../contract/index.ts';

/**
 * What crosses between two sides of a port. `id` is chosen by the side that asks; an answer carries the same id. Both
 * sides may ask, so `answer` tells the two kinds of messages apart.
 */
export type PortMessage = PortQuestion | PortAnswer;

export type PortQuestion =
  /** One answer, or a stream of pieces of which `credit` may be sent before more is asked for. */
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly argument: unknown }
  | {
      readonly kind: 'stream';
      readonly id: number;
      readonly method: string;
      readonly argument: unknown;
      readonly credit: number;
    }
  | { readonly kind: 'credit'; readonly id: number }
  /** Nobody waits for it any more. */
  | { readonly kind: 'stop'; readonly id: number };

export type PortAnswer =
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'piece'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'end'; readonly id: number }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorRecord };

export function isAnswer(message: PortMessage): message is PortAnswer {
  return ['result', 'piece', 'end', 'error'].includes(message.kind);
}

/** The part of a MessagePort and of a Worker that is used. */
export interface Port {
  postMessage(message: PortMessage, transfer?: readonly ArrayBuffer[]): void;
}

/** A value ready to be posted: bytes are handed over and not usable here any more. */
export interface Outgoing {
  readonly value: unknown;
  readonly transfer: readonly ArrayBuffer[];
}

export function plain(value: unknown): Outgoing {
  return { value, transfer: [] };
}

/** Bytes that nobody else uses. A view of a larger buffer is copied, as the whole buffer would go along with it. */
export function handedOver(bytes: Uint8Array): Outgoing {
  const whole = bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.length;
  return whole ? transferred(bytes) : transferred(new Uint8Array(bytes));
}

/** Bytes that somebody may still use. */
export function copied(bytes: Uint8Array): Outgoing {
  return transferred(new Uint8Array(bytes));
}

function transferred(bytes: Uint8Array): Outgoing {
  return { value: bytes, transfer: bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [] };
}
