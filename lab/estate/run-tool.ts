import { spawn } from 'node:child_process';

export interface ToolOptions {
  readonly signal: AbortSignal;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program of the machine and gives its output; throws with its last words when it fails or is not there. */
export function runTool(command: string, words: readonly string[], options: ToolOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      signal: options.signal,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...process.env,
        LC_ALL: 'C',
        PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
        ...options.env,
      },
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    // A tool that ends without reading its input is judged by its exit status alone.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT';
      reject(
        missing
          ? new Error(`${command} is missing; run: npm exec -- node scripts/install-debian-packages.ts`)
          : error,
      );
    });
    child.once('close', (code) => {
      if (code === 0) return resolve(Buffer.concat(output).toString('utf8'));
      const words4 = Buffer.concat(errors).toString('utf8').slice(-2000);
      reject(new Error(`${command} ended with ${code}: ${words4}`));
    });
  });
}

/** True when this process may mount. */
export const isRoot = (): boolean => process.getuid?.() === 0;
