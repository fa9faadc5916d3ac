import type { CoreEvent, Topic } from '../contract/index.ts';

export type Listener = (event: CoreEvent) => void;

/** Where core's parts say that something changed, and where shells listen. */
export interface EventHub {
  changed(topic: Topic, id: string | null): void;
  emit(event: CoreEvent): void;
  subscribe(listener: Listener): () => void;
}

/** A listener that throws never disturbs the others: its error goes to `onError`. */
export function createEventHub(onError: (error: unknown) => void): EventHub {
  const listeners = new Set<Listener>();
  const emit = (event: CoreEvent): void => {
    for (const listener of [...listeners]) {
      try {
        listener(event);
      } catch (error) {
        onError(error);
      }
    }
  };
  return {
    emit,
    changed: (topic, id) => emit({ type: 'changed', topic, id }),
    subscribe(listener) {
      const own: Listener = (event) => listener(event);
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}
