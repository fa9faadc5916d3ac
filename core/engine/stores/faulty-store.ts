import type { BlobBody, BlobInfo, BlobStore } from '../blob-store.ts';
import { bodyLength } from './blob-body.ts';

export interface StoreCall {
  /** Counts calls from 0. */
  readonly number: number;
  readonly operation: 'put' | 'get' | 'head' | 'list' | 'delete';
  readonly name: string;
  /** Of a put. */
  readonly size: number;
}

/**
 * What happens to a call: nothing, an error instead of it, or an error after it took effect (an answer lost on
 * the way).
 */
export type Fault = undefined | { readonly error: Error; readonly takesEffect: boolean };

/** A store on which calls fail as a test or a drill decides. */
export function faultyStore(inner: BlobStore, decide: (call: StoreCall) => Fault): BlobStore {
  let calls = 0;

  async function run<T>(call: Omit<StoreCall, 'number'>, work: () => Promise<T>): Promise<T> {
    const fault = decide({ ...call, number: calls++ });
    if (fault === undefined) return work();
    if (fault.takesEffect) await work();
    throw fault.error;
  }

  async function* list(prefix: string, signal?: AbortSignal): AsyncGenerator<BlobInfo> {
    const fault = decide({ operation: 'list', name: prefix, size: 0, number: calls++ });
    if (fault !== undefined) throw fault.error;
    yield* inner.list(prefix, signal);
  }

  return {
    put: (name, body: BlobBody, signal) =>
      run({ operation: 'put', name, size: bodyLength(body) }, () => inner.put(name, body, signal)),
    get: (name, range, signal) =>
      run({ operation: 'get', name, size: 0 }, () => inner.get(name, range, signal)),
    head: (name, signal) => run({ operation: 'head', name, size: 0 }, () => inner.head(name, signal)),
    list,
    delete: (name, signal) => run({ operation: 'delete', name, size: 0 }, () => inner.delete(name, signal)),
  };
}
