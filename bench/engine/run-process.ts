import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ProcessResult {
  /** Seconds from start to exit. */
  readonly seconds: number;
  /** Highest resident memory seen, in MiB. */
  readonly peakMemory: number;
  /** Seconds of all its threads on the processors; steadier than `seconds` on a busy machine. */
  readonly cpuSeconds: number;
  readonly output: string;
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const samplePause = 20;

/** Runs a program to its end; throws when it fails. */
export async function runProcess(
  command: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  const [program = '', ...args] = command;
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  let peakMemory = 0;
  let cpuSeconds = 0;
  const sampling = setInterval(() => {
    peakMemory = Math.max(peakMemory, memoryOf(child.pid));
    cpuSeconds = Math.max(cpuSeconds, cpuOf(child.pid));
  }, samplePause);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).finally(() => clearInterval(sampling));
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${errors.slice(-2000)}`);
  return { seconds, peakMemory, cpuSeconds, output };
}

/** The kernel's own high-water mark, in MiB; 0 when the process is gone. */
function memoryOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const ticksPerSecond = 100;

function cpuOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return 0;
  }
}
