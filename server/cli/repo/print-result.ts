import type { CliIo } from '../cli-io.ts';
import type { RepoOptions } from './repo-options.ts';

/** JSON with --json, else text. */
export function printResult(io: CliIo, options: RepoOptions, value: unknown, text: () => string): void {
  io.stdout(options.json === true ? `${JSON.stringify(value, null, 2)}\n` : text());
}
