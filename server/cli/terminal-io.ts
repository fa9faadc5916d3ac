import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { AppError } from '../../core/contract/index.ts';
import type { CliIo } from './cli-io.ts';

/** The process's own streams. Ctrl-C and SIGTERM abort the signal; a second Ctrl-C ends the process. */
export function createTerminalIo(): CliIo {
  const interrupted = new AbortController();
  const stop = () => {
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    stdin: process.stdin,
    stdout: (text) => void process.stdout.write(text),
    stdoutBytes: (bytes) => writeOut(bytes),
    stderr: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY === true && process.stdin.isTTY === true,
    columns: process.stderr.columns ?? 80,
    environment: process.env,
    signal: interrupted.signal,
    askSecret: (question) => askSecret(question, interrupted.signal),
  };
}

/** A reader that goes away (a closed pipe) ends the command as it would end `cat`. */
function writeOut(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(cancelled(error)) : resolve()));
  });
}

function cancelled(cause: Error): AppError {
  return new AppError('cancelled', { message: 'Whoever reads the output has closed it.', cause });
}

/** Shows the question and nothing of what is typed. */
async function askSecret(question: string, signal: AbortSignal): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await lines.question('', { signal });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
