import type { CliIo } from '../cli-io.ts';
import { formatBytes } from '../format.ts';

const PAUSE = 250;

/** One line that is drawn over itself, for people only; `done` ends it. */
export function savingProgress(io: CliIo, clock: () => number = Date.now) {
  const started = clock();
  let drawn = 0;
  return {
    update({ files, bytes }: { readonly files: number; readonly bytes: number }): void {
      if (!io.interactive || clock() - drawn < PAUSE) return;
      drawn = clock();
      const speed = bytes / Math.max(0.001, (drawn - started) / 1000);
      const text = `Saved ${files} files, ${formatBytes(bytes)} · ${formatBytes(speed)}/s`;
      io.stderr(`\r${text.slice(0, io.columns - 1).padEnd(io.columns - 1)}`);
    },
    done(): void {
      if (io.interactive && drawn > 0) io.stderr(`\r${' '.repeat(io.columns - 1)}\r`);
    },
  };
}
