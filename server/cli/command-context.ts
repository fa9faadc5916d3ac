import type { Command } from 'commander';
import type { Core } from '../../core/host.ts';
import type { HttpDoor } from '../client/http-door.ts';
import type { CliIo } from './cli-io.ts';

/** The core a command talks to: that of a running server, or one of its own. */
export type OpenCore =
  | { readonly kind: 'attached'; readonly core: HttpDoor; close(): Promise<void> }
  | { readonly kind: 'embedded'; readonly core: Core; close(): Promise<void> };

export interface GlobalOptions {
  readonly json: boolean;
  readonly dataDirectory: string;
  readonly cloud: string | undefined;
}

/** What the program gives to its commands. */
export interface CommandContext {
  readonly io: CliIo;
  openCore(options: GlobalOptions, signal: AbortSignal): Promise<OpenCore>;
}

export function globalOptions(command: Command): GlobalOptions {
  const { json, dataDirectory, cloud } = command.optsWithGlobals<Partial<GlobalOptions>>();
  if (dataDirectory === undefined) throw new Error('The program declares --data-directory with a default.');
  return { json: json === true, dataDirectory, cloud };
}

/** Runs `work` with a core and closes it whatever happens. */
export async function withCore<T>(
  context: CommandContext,
  command: Command,
  work: (core: Core, options: GlobalOptions) => Promise<T>,
): Promise<T> {
  const options = globalOptions(command);
  const open = await context.openCore(options, context.io.signal);
  try {
    return await work(open.core, options);
  } finally {
    await open.close();
  }
}

/** The one place that decides between JSON and text. */
export function print(io: CliIo, options: GlobalOptions, value: unknown, text: () => string): void {
  io.stdout(options.json ? `${JSON.stringify(value, null, 2)}\n` : text());
}
