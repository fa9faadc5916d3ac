import { Readable } from 'node:stream';
import { Command } from 'commander';
import { AppError } from '../../../../core/contract/index.ts';
import type { BlobStore } from '../../../../core/engine/index.ts';
import type { CliIo } from '../../cli-io.ts';
import { registerRepoCommands } from '../register-repo-commands.ts';

export interface RepoRun {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** What is at any container's address; without it there is no network. */
  readonly container?: BlobStore;
  /** Told what the command writes to standard error. */
  readonly onNotice?: (text: string) => void;
}

/** Runs one `cairn repo` command without a terminal and without a network; gives its standard output. */
export async function runRepo(args: readonly string[], run: RepoRun = {}): Promise<string> {
  let output = '';
  const io: CliIo = {
    stdin: Readable.from(run.stdin === undefined ? [] : [Buffer.from(run.stdin)]),
    stdout: (text) => {
      output += text;
    },
    stderr: (text) => run.onNotice?.(text),
    interactive: false,
    columns: 80,
    environment: run.environment ?? {},
    signal: new AbortController().signal,
    stdoutBytes: async () => undefined,
    askSecret: async () => {
      throw new Error('Nobody is there to ask.');
    },
  };
  const program = new Command('cairn').option('--json').exitOverride();
  const openContainer = async () => run.container ?? noNetwork();
  registerRepoCommands(program, { io, openContainer, logIn: noNetwork });
  await program.parseAsync(['repo', ...args], { from: 'user' });
  return output;
}

async function noNetwork(): Promise<never> {
  throw new AppError('unreachable', { message: 'There is no network in this test.' });
}
