import type { RoadRun } from './drive-road.ts';

export interface BareRun {
  readonly seconds: number;
  readonly bytes: number;
  readonly blobs: number;
  readonly cpuSeconds: number;
  /** With what Azurite needed for it. */
  readonly allCpuSeconds: number;
  /** MiB. */
  readonly peakMemory: number;
}

/** Every measurement, in the order they were made. */
export interface RoadFigures {
  readonly bare: BareRun[];
  readonly backups: RoadRun[];
  readonly restores: RoadRun[];
}

const tib = 2 ** 40;
/** Of the bare upload's throughput, for the worker's task. */
const wanted = 0.7;

export function printRoad(figures: RoadFigures, json: boolean): void {
  const summary = summarize(figures);
  if (json) console.log(JSON.stringify({ ...summary, measurements: withoutPoints(figures) }, null, 2));
  else console.log(textOf(summary));
}

function summarize({ bare, backups, restores }: RoadFigures) {
  const bareSeconds = median(bare.map(({ seconds }) => seconds));
  const [first] = bare;
  const bareBytes = first?.bytes ?? 0;
  const bareRate = bareBytes / bareSeconds;
  return {
    bareUpload: {
      seconds: bareSeconds,
      bytes: bareBytes,
      bytesPerSecond: bareRate,
      cpuSeconds: median(bare.map(({ cpuSeconds }) => cpuSeconds)),
      allCpuSeconds: median(bare.map(({ allCpuSeconds }) => allCpuSeconds)),
      peakMebibytes: Math.max(...bare.map(({ peakMemory }) => peakMemory)),
      paidOperationsPerTib: { write: perTib(first?.blobs ?? 0, bareBytes) },
    },
    backup: summaryOf(backups, bareBytes, bareSeconds),
    ...(restores.length === 0 ? {} : { restore: summaryOf(restores, bareBytes, bareSeconds) }),
    wantedRatio: wanted,
  };
}

type Summary = ReturnType<typeof summarize>;

/** Rates count what the disk has in use, which is what the bare upload sends; whole blocks that are read are more. */
function summaryOf(runs: readonly RoadRun[], usedBytes: number, bareSeconds: number) {
  const taskSeconds = median(runs.map((run) => run.taskSeconds));
  const sessionSeconds = median(runs.map((run) => run.sessionSeconds));
  const [first] = runs;
  const operations = Object.entries(first?.operations ?? {});
  return {
    taskSeconds,
    sessionSeconds,
    ratioOfTask: bareSeconds / taskSeconds,
    ratioOfSession: bareSeconds / sessionSeconds,
    taskCpuSeconds: median(runs.map((run) => run.taskCpuSeconds)),
    allCpuSeconds: median(runs.flatMap((run) => run.allCpuSeconds ?? [])),
    peakMebibytes: Math.max(...runs.map((run) => run.peakMebibytes)),
    usedBytes,
    readBytes: first?.readBytes ?? 0,
    storedBytes: first?.storedBytes ?? 0,
    operations: first?.operations,
    paidOperationsPerTib: Object.fromEntries(
      operations.map(([kind, count]) => [kind, perTib(count, usedBytes)]),
    ),
  };
}

function textOf({ bareUpload, backup, restore }: Summary): string {
  const rows = [
    ['', 'seconds', 'MB/s', 'of bare', 'CPU s', 'CPU s, all', 'MB read', 'MB written', 'peak MiB'],
    [
      'bare upload, 16 at once',
      bareUpload.seconds.toFixed(2),
      (bareUpload.bytesPerSecond / 1e6).toFixed(0),
      '1.00',
      bareUpload.cpuSeconds.toFixed(1),
      bareUpload.allCpuSeconds.toFixed(1),
      megabytes(bareUpload.bytes),
      megabytes(bareUpload.bytes),
      bareUpload.peakMebibytes.toFixed(0),
    ],
    ...rowsOf('backup', backup),
    ...(restore === undefined ? [] : rowsOf('restore', restore)),
  ];
  const paid: readonly (readonly [string, Readonly<Record<string, number>>])[] = [
    ['bare upload', bareUpload.paidOperationsPerTib],
    ['backup', backup.paidOperationsPerTib],
    ...(restore === undefined ? [] : [['restore', restore.paidOperationsPerTib] as const]),
  ];
  return [
    ...rows.map(
      (cells) =>
        `${String(cells[0]).padEnd(30)}${cells
          .slice(1)
          .map((cell) => cell.padStart(11))
          .join('')}`,
    ),
    '',
    'Task: what the worker does between getting its task and reporting the end of it: page ranges, reading by SAS,',
    'engine, writing. Session: with the snapshot, the start of the worker machine, checks of core, and removal.',
    'CPU: of the upload or the worker alone; all: with Azurite, the lab and the console, which share the processors here.',
    `Wanted: at least ${wanted} of the bare upload for the task of a backup.`,
    '',
    'Paid operations on the repository for a TiB in use:',
    ...paid.map(([name, counts]) => `  ${name.padEnd(14)} ${countsText(counts)}`),
  ].join('\n');
}

function rowsOf(name: string, run: Summary['backup']): string[][] {
  const rate = (seconds: number) => (run.usedBytes / seconds / 1e6).toFixed(0);
  const [read, written] = [megabytes(run.readBytes), megabytes(run.storedBytes)];
  const { taskSeconds, sessionSeconds, taskCpuSeconds, peakMebibytes } = run;
  return [
    [
      `${name}, task of the worker`,
      taskSeconds.toFixed(2),
      rate(taskSeconds),
      run.ratioOfTask.toFixed(2),
      taskCpuSeconds.toFixed(1),
      '',
      read,
      written,
      peakMebibytes.toFixed(0),
    ],
    [
      `${name}, whole session`,
      sessionSeconds.toFixed(2),
      rate(sessionSeconds),
      run.ratioOfSession.toFixed(2),
      '',
      Number.isNaN(run.allCpuSeconds) ? '' : run.allCpuSeconds.toFixed(1),
      read,
      written,
      '',
    ],
  ];
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
}

function withoutPoints({ bare, backups, restores }: RoadFigures) {
  const plain = (run: RoadRun) =>
    Object.fromEntries(Object.entries(run).filter(([name]) => name !== 'point'));
  return { bare, backups: backups.map(plain), restores: restores.map(plain) };
}

const perTib = (count: number, bytes: number): number => Math.round((count * tib) / bytes);
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
