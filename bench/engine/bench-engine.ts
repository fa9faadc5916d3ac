import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { changedDisk, debianDisk, writeChangedRanges } from './images.ts';
import { availablePeers, freshFolder, type Peer, sizeOf } from './peers.ts';
import { type ProcessResult, runProcess } from './run-process.ts';
import { printTable, type Row } from './table.ts';

export interface BenchEngineOptions {
  readonly json: boolean;
  readonly image: string | undefined;
  readonly second: string | undefined;
  readonly rounds: number;
  readonly install: boolean;
}

interface Samples {
  readonly seconds: number[];
  readonly cpuSeconds: number[];
  peakMemory: number;
  bytes: number;
  details: Record<string, unknown>;
}

const cache = join(import.meta.dirname, '../../.cache/engine-bench');

/** Measures the engine and its peers, turn about, and prints medians and ratios. */
export async function benchEngine(options: BenchEngineOptions): Promise<void> {
  const image = options.image ?? (await debianDisk(cache));
  const second = options.second ?? (await changedDisk(image, join(cache, 'second.raw')));
  const work = await mkdtemp(join(cache, 'work-'));
  try {
    const ranges = join(work, 'ranges.json');
    const changed = await writeChangedRanges(image, second, ranges);
    const peers = await availablePeers(options.install);
    const samples = new Map<string, Samples>();
    for (let round = 0; round < options.rounds; round++) {
      await warm(image);
      await benchCairn({ image, second, ranges, work, samples });
      for (const peer of peers) await benchPeer(peer, { image, second, work, samples });
    }
    const repo = join(await freshFolder(join(work, 'huge')), 'repository');
    await measure(samples, 'Cairn huge', () => engine('huge', { repo }));
    report(samples, { changed, json: options.json });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface Bench {
  readonly image: string;
  readonly second: string;
  readonly work: string;
  readonly samples: Map<string, Samples>;
}

async function benchCairn(bench: Bench & { readonly ranges: string }): Promise<void> {
  const folder = await freshFolder(join(bench.work, 'cairn'));
  const repo = join(folder, 'repository');
  const { samples, image, second, ranges } = bench;
  const full = await measure(samples, 'Cairn full', () => engine('full', { repo, image }));
  full.bytes = await sizeOf(repo);
  await measure(samples, 'Cairn random 4 KiB', () => engine('random', { repo }));
  await measure(samples, 'Cairn restore', () =>
    engine('restore', { repo, image: join(folder, 'restored.raw') }),
  );
  await measure(samples, 'Cairn deep verify', () => engine('verify', { repo }));
  const again = await measure(samples, 'Cairn second', () =>
    engine('second', { repo, image: second, ranges }),
  );
  again.bytes = (await sizeOf(repo)) - full.bytes;
  await measure(samples, 'Cairn collect', () => engine('collect', { repo }));
  await rm(folder, { recursive: true, force: true });
}

async function benchPeer(peer: Peer, bench: Bench): Promise<void> {
  const folder = await freshFolder(join(bench.work, 'peer'));
  const { samples } = bench;
  const full = await measure(samples, `${peer.name} full`, () => peer.full(bench.image, folder));
  full.bytes = await sizeOf(folder, ['cache', 'base']);
  const { restore, second } = peer;
  const target = join(folder, 'restored');
  if (restore !== undefined) await measure(samples, `${peer.name} restore`, () => restore(folder, target));
  await rm(target, { recursive: true, force: true });
  if (second !== undefined) {
    const again = await measure(samples, `${peer.name} second`, () => second(bench.second, folder));
    again.bytes = (await sizeOf(folder, ['cache', 'base'])) - full.bytes;
  }
  await rm(folder, { recursive: true, force: true });
}

function engine(operation: string, values: Readonly<Record<string, string>>): Promise<ProcessResult> {
  const child = join(import.meta.dirname, 'engine-child.ts');
  const options = Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
  return runProcess([process.execPath, child, operation, ...options]);
}

async function measure(
  samples: Map<string, Samples>,
  name: string,
  work: () => Promise<ProcessResult>,
): Promise<Samples> {
  const known = samples.get(name) ?? { seconds: [], cpuSeconds: [], peakMemory: 0, bytes: 0, details: {} };
  samples.set(name, known);
  const { seconds, peakMemory, cpuSeconds, output } = await work();
  known.seconds.push(seconds);
  known.cpuSeconds.push(cpuSeconds);
  known.peakMemory = Math.max(known.peakMemory, peakMemory);
  if (output.startsWith('{"')) known.details = JSON.parse(output);
  console.error(`${name.padEnd(24)} ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of CPU`);
  return known;
}

/** So that nobody pays for reading the image from the drive. */
async function warm(image: string): Promise<void> {
  const file = await open(image);
  const buffer = Buffer.alloc(2 ** 22);
  for (let offset = 0; (await file.read(buffer, 0, buffer.length, offset)).bytesRead > 0; )
    offset += buffer.length;
  await file.close();
}

function report(
  samples: Map<string, Samples>,
  run: { readonly changed: number; readonly json: boolean },
): void {
  const rows: Row[] = [...samples].map(([name, sample]) => {
    const own = samples.get(`Cairn ${name.split(' ').at(-1)}`);
    const seconds = median(sample.seconds);
    const compared = own === undefined || own === sample ? undefined : own;
    return {
      name,
      seconds,
      cpuSeconds: median(sample.cpuSeconds),
      timeRatio: compared === undefined ? undefined : median(compared.seconds) / seconds,
      bytes: sample.bytes,
      sizeRatio: compared === undefined || sample.bytes === 0 ? undefined : compared.bytes / sample.bytes,
      peakMemory: sample.peakMemory,
      samples: sample.seconds,
      details: sample.details,
    };
  });
  if (run.json) console.log(JSON.stringify({ changedBytes: run.changed, rows }, null, 2));
  else printTable(rows, run.changed);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
