import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';

/** What has become of one entry of the selection, one line each, in the order of the walk. */
const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('file'),
    path: z.string(),
    to: z.string(),
    bytes: z.number(),
    sha256: z.string(),
  }),
  z.object({ kind: z.literal('folder'), path: z.string(), to: z.string(), made: z.boolean() }),
  z.object({ kind: z.literal('link'), path: z.string(), to: z.string() }),
  z.object({ kind: z.literal('left'), path: z.string(), reason: z.string() }),
]);
export type SaveOutcome = z.infer<typeof outcomeSchema>;

const lineSchema = z.union([
  z.object({ kind: z.literal('save'), identity: z.string() }),
  /** So many bytes of this entry are safely in the part file. */
  z.object({ kind: z.literal('part'), path: z.string(), length: z.number().int().min(0) }),
  outcomeSchema,
]);
type JournalLine = z.infer<typeof lineSchema>;

/** How far an interrupted file is. */
export interface SavedPart {
  readonly path: string;
  readonly length: number;
}

/** The record of a save beside what it writes: first read to its end, then written on. */
export class SaveJournal {
  readonly #path: string;
  readonly #replay: AsyncGenerator<JournalLine>;
  #handle: FileHandle | undefined;
  #good = 0;
  #part: SavedPart | undefined;

  private constructor(path: string) {
    this.#path = path;
    this.#replay = this.#lines();
  }

  /** Undefined when there is none, or one of another save; without an identity any save will do. */
  static async reopen(path: string, identity?: string): Promise<SaveJournal | undefined> {
    const journal = new SaveJournal(path);
    const first = await journal.#replay.next().catch(() => undefined);
    const line: JournalLine | undefined = first?.value;
    if (line?.kind === 'save' && (identity === undefined || line.identity === identity)) return journal;
    await journal.close();
    return undefined;
  }

  static async create(path: string, identity: string): Promise<SaveJournal> {
    const journal = new SaveJournal(path);
    journal.#handle = await open(path, 'wx', 0o600);
    await journal.#append({ kind: 'save', identity });
    return journal;
  }

  /** The file that an earlier run did not finish; known once `replayed` has given everything. */
  get part(): SavedPart | undefined {
    return this.#part;
  }

  /** What an earlier run did next; undefined when this run is where that one stopped. */
  async replayed(): Promise<SaveOutcome | undefined> {
    while (this.#handle === undefined) {
      const step = await this.#replay.next();
      if (step.done) return undefined;
      const line: JournalLine = step.value;
      if (line.kind === 'part') this.#part = line;
      else if (line.kind !== 'save') {
        this.#part = undefined;
        return line;
      }
    }
    return undefined;
  }

  async add(outcome: SaveOutcome): Promise<void> {
    await this.#append(outcome);
  }

  async addPart(part: SavedPart): Promise<void> {
    await this.#append({ kind: 'part', ...part });
  }

  async close(): Promise<void> {
    await this.#replay.return(undefined);
    await this.#handle?.close();
  }

  async #append(line: JournalLine): Promise<void> {
    this.#handle ??= await this.#behindTheLastLine();
    await this.#handle.appendFile(`${JSON.stringify(line)}\n`);
  }

  /** A line that a crash cut in two is taken away. */
  async #behindTheLastLine(): Promise<FileHandle> {
    await this.#replay.return(undefined);
    const handle = await open(this.#path, 'r+');
    await handle.truncate(this.#good);
    await handle.close();
    return open(this.#path, 'a');
  }

  async *#lines(): AsyncGenerator<JournalLine> {
    let rest = Buffer.alloc(0);
    for await (const chunk of createReadStream(this.#path)) {
      const bytes = Buffer.concat([rest, chunk as Buffer]);
      let start = 0;
      for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
        const line = parsed(bytes.toString('utf8', start, end));
        if (line === undefined) return;
        this.#good += end + 1 - start;
        start = end + 1;
        yield line;
      }
      rest = bytes.subarray(start);
    }
  }
}

function parsed(text: string): JournalLine | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
