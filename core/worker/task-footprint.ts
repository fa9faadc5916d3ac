import { resourceUsage } from 'node:process';
import type { TaskContext } from './task-context.ts';

/** Runs a task and says in the session's log what it took of its machine: the size of workers is chosen by it. */
export async function withFootprint<T>(
  context: Pick<TaskContext, 'engine' | 'log'>,
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = context.engine.clock();
  const before = resourceUsage();
  const result = await work();
  const after = resourceUsage();
  const seconds = (context.engine.clock() - startedAt) / 1000;
  const cpuSeconds = (cpuMicroseconds(after) - cpuMicroseconds(before)) / 1e6;
  const peakMebibytes = after.maxRSS / 1024;
  context.log(
    'info',
    `The worker took ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of processor time and at most ${peakMebibytes.toFixed(0)} MiB of memory.`,
    {
      seconds: seconds.toFixed(3),
      cpuSeconds: cpuSeconds.toFixed(3),
      peakMebibytes: peakMebibytes.toFixed(0),
    },
  );
  return result;
}

function cpuMicroseconds(usage: NodeJS.ResourceUsage): number {
  return usage.userCPUTime + usage.systemCPUTime;
}
