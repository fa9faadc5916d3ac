import type { BlobInfo, BlobStore, ByteRange } from '../../engine/index.ts';
import type { ReadableDisk } from '../../volumes/index.ts';
import type { PortHandlers } from './port-answerer.ts';
import { copied, handedOver, type Outgoing, plain } from './port-messages.ts';

/** Requests to a store that may be under way for one thread. */
const AT_ONCE = 32;

/** A store, to be read only, as answers to the other side of a port. */
export function servedStore(store: Pick<BlobStore, 'get' | 'head' | 'list'>): PortHandlers {
  const pass = turnstile(AT_ONCE);
  return {
    calls: {
      get: ({ name, range }: { name: string; range: ByteRange | undefined }, signal) =>
        pass(async () => handedOver(await store.get(name, range, signal))),
      head: ({ name }: { name: string }, signal) => pass(async () => plain(await store.head(name, signal))),
    },
    streams: {
      list: ({ prefix }: { prefix: string }, signal) => infos(store.list(prefix, signal)),
    },
  };
}

/** Disks as answers to the other side of a port. */
export function servedDisks(disks: readonly ReadableDisk[]): PortHandlers {
  const pass = turnstile(AT_ONCE);
  return {
    calls: {
      readDisk: (at: { disk: number; offset: number; length: number }, signal) =>
        pass(async () => {
          const disk = disks[at.disk];
          if (disk === undefined) throw new Error('There is no such disk.');
          return copied(await disk.read(at.offset, at.length, signal));
        }),
    },
    streams: {},
  };
}

async function* infos(list: AsyncIterable<BlobInfo>): AsyncGenerator<Outgoing> {
  for await (const info of list) yield plain(info);
}

/** Lets so many work at once; the others wait in line. */
function turnstile(most: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let inside = 0;
  const line: (() => void)[] = [];
  return async (work) => {
    if (inside >= most) await new Promise<void>((resolve) => line.push(resolve));
    else inside++;
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next === undefined) inside--;
      else next();
    }
  };
}
