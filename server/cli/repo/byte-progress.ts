import type { CliIo } from '../cli-io.ts';
import { formatBytes } from '../format.ts';

const pause = 250;

/** One line that is drawn over itself, for people only; `done` ends it. */
export function byteProgress(io: CliIo, verb: string, clock: () => number = Date.now) {
  const started = clock();
  let drawn = 0;
  return {
    update(done: number, total: number, more = ''): void {
      if (!io.interactive || clock() - drawn < pause) return;
      drawn = clock();
      const speed = done / Math.max(0.001, (drawn - started) / 1000);
      const text = `${verb} ${formatBytes(done)} of ${formatBytes(total)} · ${formatBytes(speed)}/s${more}`;
      io.stderr(`\r${text.slice(0, io.columns - 1).padEnd(io.columns - 1)}`);
    },
    done(): void {
      if (io.interactive && drawn > 0) io.stderr(`\r${' '.repeat(io.columns - 1)}\r`);
    },
  };
}
