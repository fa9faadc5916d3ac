import { randomBytes } from 'node:crypto';
import { arch, availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBootConfiguration } from './boot-configuration.ts';
import { runAgent } from './index.ts';

/**
 * The process on a worker VM: `node main.mjs BOOT_CONFIGURATION`. Ends with 0 when the agent has ended by itself. The
 * variable `CAIRN_LISTEN_ADDRESS` names the address that a file service listens on; default all.
 */
async function main(): Promise<void> {
  const file = process.argv[2];
  if (file === undefined) throw new Error('usage: main BOOT_CONFIGURATION');
  const boot = await readBootConfiguration(file);
  const terminated = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => terminated.abort());
  const end = await runAgent(
    {
      boot,
      version: workerVersion,
      architecture: arch(),
      random: (length) => randomBytes(length),
      clock: () => Date.now(),
      monotonic: () => performance.now(),
      sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
      threads: Math.max(1, availableParallelism()),
      listenAddress: process.env['CAIRN_LISTEN_ADDRESS'] ?? '0.0.0.0',
      threadUrl: new URL(import.meta.resolve(threadEntry)),
      filesThreadUrl: new URL(import.meta.resolve(filesThreadEntry)),
      log,
    },
    terminated.signal,
  );
  log(`the agent has ended: ${end}`);
}

/** Names the build puts here: this package's version and the threads' entries beside this file. */
declare const __WORKER_VERSION__: string;
const workerVersion = __WORKER_VERSION__;
const threadEntry = './thread.mjs';
const filesThreadEntry = './files-thread.mjs';

function log(text: string): void {
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
}

await main().catch((thrown: unknown) => {
  log(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  process.exitCode = 1;
});
