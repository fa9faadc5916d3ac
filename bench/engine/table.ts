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

export function printTable(rows: readonly Row[], changedBytes: number): void {
  console.log(`Changed between the two states: ${megabytes(changedBytes)} MB\n`);
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
  printWork(rows);
  printPaidOperations(rows);
}

function printWork(rows: readonly Row[]): void {
  console.log('\nSeconds of the last round without starting the process and stretching the password:');
  for (const { name, details } of rows) {
    const seconds = details['workSeconds'];
    if (typeof seconds === 'number') console.log(`  ${name.padEnd(22)} ${seconds.toFixed(2)}`);
    const read = details['millisecondsPerRead'];
    if (typeof read === 'number') console.log(`  ${name.padEnd(22)} ${read.toFixed(2)} ms a read`);
  }
}

/** Scaled from the image to a TiB of disk. */
function printPaidOperations(rows: readonly Row[]): void {
  console.log('\nPaid operations for a TiB of disk:');
  for (const { name, details } of rows) {
    const counts = details['operations'];
    const diskBytes = Number(details['diskBytes'] ?? 0);
    if (typeof counts !== 'object' || counts === null || diskBytes === 0) continue;
    const scaled = Object.entries(counts)
      .filter(([kind]) => !kind.startsWith('bytes'))
      .map(([kind, count]) => `${kind} ${Math.round((Number(count) * tib) / diskBytes)}`);
    console.log(`  ${name.padEnd(22)} ${scaled.join(', ')}`);
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
