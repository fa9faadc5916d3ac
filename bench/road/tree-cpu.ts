import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/**
 * Processor time in seconds of this process and everything it has started, ended ones included (Linux): console, lab,
 * Azurite and worker machines. Two readings subtracted say what the time between them cost on this computer.
 */
export function treeCpuSeconds(): number {
  const processes = readProcesses();
  let ticks = 0;
  const waiting = [process.pid];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    ticks += processes.get(pid)?.ticks ?? 0;
    for (const [child, { parent }] of processes) if (parent === pid) waiting.push(child);
  }
  return ticks / ticksPerSecond;
}

interface ProcessLine {
  readonly parent: number;
  readonly ticks: number;
}

function readProcesses(): Map<number, ProcessLine> {
  const found = new Map<number, ProcessLine>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // proc(5): after the name in brackets come state, parent and so on; 14 to 17 are the times, children's too.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
      found.set(Number(name), { parent: Number(fields[1]), ticks });
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}
