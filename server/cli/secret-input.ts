import { readFile } from 'node:fs/promises';
import { AppError } from '../../core/contract/index.ts';
import type { CliIo } from './cli-io.ts';

export interface SecretSources {
  /** Path of a file that holds the secret; `-` is standard input. */
  readonly file: string | undefined;
  /** Name of an environment variable that holds it. */
  readonly variable: string | undefined;
  readonly question: string;
  /** Options as the operator knows them, for the hint. */
  readonly options: string;
  readonly field: string;
  /** Ask twice, because a mistyped one cannot be found out later. */
  readonly confirm?: boolean;
}

/** A secret from a file, a variable or a prompt; never from an argument, which every process could read. */
export async function readSecret(sources: SecretSources, io: CliIo): Promise<string> {
  const { file, variable, field } = sources;
  if (file !== undefined && variable !== undefined)
    throw refused(field, `Give only one of ${sources.options}.`);
  if (file !== undefined) return withoutNewline(await readSecretFile(file, field, io));
  if (variable !== undefined) {
    const value = io.environment[variable];
    if (value === undefined || value === '') throw refused(field, `The variable ${variable} is not set.`);
    return value;
  }
  if (!io.interactive) throw refused(field, `Give the ${field} with ${sources.options}.`);
  const answer = await io.askSecret(`${sources.question}: `);
  if (sources.confirm && (await io.askSecret(`${sources.question}, again: `)) !== answer)
    throw refused(field, 'The two do not match.');
  return answer;
}

async function readSecretFile(file: string, field: string, io: CliIo): Promise<string> {
  if (file === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks).toString('utf8');
  }
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw refused(field, `The file ${file} cannot be read.`, cause);
  }
}

function withoutNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}

function refused(field: string, message: string, cause?: unknown): AppError {
  return new AppError('invalid-input', {
    message,
    hint: 'Secrets are read from a file, an environment variable or a prompt, never from an argument.',
    details: { field },
    cause,
  });
}
