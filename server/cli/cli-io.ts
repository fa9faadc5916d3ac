import type { Readable } from 'node:stream';

/** Where a command reads and writes; the process's own streams outside tests. */
export interface CliIo {
  readonly stdin: Readable;
  /** Results: tables, or exactly one JSON document with --json. */
  stdout(text: string): void;
  /** Content of files; resolves when more may come. */
  stdoutBytes(bytes: Uint8Array): Promise<void>;
  /** Everything that is not the result: progress, notices, errors. */
  stderr(text: string): void;
  /** True when a person watches stderr: progress bars may be drawn, questions may be asked. */
  readonly interactive: boolean;
  /** Width of the terminal in columns. */
  readonly columns: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Asks for a secret without showing what is typed. */
  askSecret(question: string): Promise<string>;
}
