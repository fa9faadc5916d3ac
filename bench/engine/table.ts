export interface Row {
  readonly name: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Cairn's time by this one's. */
  readonly timeRatio: number | undefined;
  readonly bytes: number;
  /** Cairn's bytes by this one's. */
  readonly sizeRatio: number | undefined;
  readonly peakMemory: number;
  readonly samples: readonly number[];
  readonly details: Readonly<Record<string, unknown>>;
}

const tib = 2 ** 40;

interface Measured {
  readonly changedBytes: number;
  readonly diskBytes: number;
}

export function printTable(rows: readonly Row[], measured: Measured): void {
  console.log(`Changed between the two states: ${megabytes(measured.changedBytes)} MB\n`);
  console.log(line(['', 'seconds', 'CPU seconds', 'Cairn / it', 'MB', 'Cairn / it', 'peak MiB']));
  for (const row of rows) {
    console.log(
      line([
        row.name,
        row.seconds.toFixed(2),
        row.cpuSeconds.toFixed(2),
        ratio(row.timeRatio),
        row.bytes === 0 ? '' : megabytes(row.bytes),
        ratio(row.sizeRatio),
        row.peakMemory.toFixed(0),
      ]),
    );
  }
  printParts(rows);
  printWork(rows);
  printPaidOperations(rows, measured.diskBytes);
}

/** A worker is handed the data key and pays neither start nor password with every backup. */
function printParts(rows: readonly Row[]): void {
  const secondsOf = (name: string) => rows.find((row) => row.name === name)?.seconds ?? Number.NaN;
  const start = secondsOf('Cairn start');
  for (const [by, suffix] of [
    ['password', ''],
    ['key file', ' by key file'],
  ] as const) {
    const [open, second] = [secondsOf(`Cairn open${suffix}`), secondsOf(`Cairn second${suffix}`)];
    const parts = [`start ${start.toFixed(2)}`, `${by} ${(open - start).toFixed(2)}`];
    const peers = rows
      .filter(({ name }) => name.endsWith(' second') && !/^(Cairn|engine)/.test(name))
      .map(({ name, seconds }) => `; ${(second / seconds).toFixed(2)} of ${name}`);
    console.log(
      `\nThe second backup: ${parts.join(' + ')} + work ${(second - open).toFixed(2)} seconds${peers.join('')}`,
    );
  }
}

function printWork(rows: readonly Row[]): void {
  console.log('\nSeconds without starting the process and stretching the password:');
  for (const { name, details } of rows) {
    const seconds = details['workSeconds'];
    if (typeof seconds === 'number') console.log(`  ${name.padEnd(22)} ${seconds.toFixed(2)}`);
    const read = details['millisecondsPerRead'];
    if (typeof read === 'number') console.log(`  ${name.padEnd(22)} ${read.toFixed(2)} ms a read of 4 KiB`);
    const speed = details['megabytesPerSecond'];
    if (typeof speed === 'number')
      console.log(`  ${name.padEnd(22)} ${speed.toFixed(0)} MB/s in reads of 1 MiB`);
  }
}

const scaled = ['engine full', 'engine second', 'engine restore', 'engine verify', 'engine collect'];

/** Scaled from the image to a TiB of disk. */
function printPaidOperations(rows: readonly Row[], diskBytes: number): void {
  console.log('\nPaid operations for a TiB of disk:');
  for (const { name, details } of rows) {
    const counts = details['operations'];
    if (typeof counts !== 'object' || counts === null || !scaled.includes(name)) continue;
    const numbers = Object.entries(counts)
      .filter(([kind]) => !kind.startsWith('bytes'))
      .map(([kind, count]) => `${kind} ${Math.round((Number(count) * tib) / diskBytes)}`);
    console.log(`  ${name.padEnd(22)} ${numbers.join(', ')}`);
  }
}

function line(cells: readonly string[]): string {
  const [name = '', ...rest] = cells;
  return name.padEnd(24) + rest.map((cell) => cell.padStart(12)).join('');
}

function ratio(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(2);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
