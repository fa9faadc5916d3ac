import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buildCairn, cairn, startOnly } from './cairn.ts';
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
  const second = options.second ?? (await changedDisk(image, join(cache, 'second-one-percent-of-disk.raw')));
  await buildCairn();
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
    await benchInside({ image, second, ranges, work, samples });
    const { size } = await stat(image);
    report(samples, { changed, diskBytes: size, json: options.json });
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

type CairnBench = Bench & { readonly ranges: string };

async function benchCairn(bench: CairnBench): Promise<void> {
  const folder = await freshFolder(join(bench.work, 'cairn'));
  const repo = join(folder, 'repository');
  const { samples, image, second, ranges } = bench;
  const keyFile = join(folder, 'key');
  const run = cairn(repo, keyFile);
  await run.init();
  await measure(samples, 'Cairn start', startOnly);
  await measure(samples, 'Cairn open', run.points);
  await measure(samples, 'Cairn open by key file', run.pointsByKeyFile);
  const full = await measure(samples, 'Cairn full', () => run.full(image));
  full.bytes = await sizeOf(repo);
  const twin = cairn(await linkedCopy(repo, join(folder, 'twin')), keyFile);
  await measure(samples, 'Cairn restore', () => run.restore(join(folder, 'restored.raw')));
  await measure(samples, 'Cairn deep verify', run.deepVerify);
  const again = await measure(samples, 'Cairn second', () => run.second(second, ranges));
  again.bytes = (await sizeOf(repo)) - full.bytes;
  await measure(samples, 'Cairn second by key file', () => twin.secondByKeyFile(second, ranges));
  await measure(samples, 'Cairn collect', run.collect);
  await rm(folder, { recursive: true, force: true });
}

/** The same repository once more, for the same operation from the same state. Its objects never change, so links do. */
async function linkedCopy(repo: string, copy: string): Promise<string> {
  await runProcess(['cp', '-al', repo, copy]);
  return copy;
}

/** Once each, through the engine's own interface: time without start and password, requests to the store, reads. */
async function benchInside({ samples, image, second, ranges, work }: CairnBench): Promise<void> {
  const folder = await freshFolder(join(work, 'inside'));
  const repo = join(folder, 'repository');
  const run = (operation: string, values: Readonly<Record<string, string>> = {}) =>
    measure(samples, `engine ${operation}`, () => engine(operation, { repo, ...values }));
  await run('full', { image });
  await run('random');
  await run('sequential');
  await run('restore', { image: join(folder, 'restored.raw') });
  await run('verify');
  await run('second', { image: second, ranges });
  await run('collect');
  await freshFolder(folder);
  await run('huge');
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
  run: { readonly changed: number; readonly diskBytes: number; readonly json: boolean },
): void {
  const rows: Row[] = [...samples].map(([name, sample]) => {
    const own = name.startsWith('engine') ? undefined : samples.get(`Cairn ${name.split(' ').at(-1)}`);
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
  const { changed: changedBytes, diskBytes } = run;
  if (run.json) console.log(JSON.stringify({ changedBytes, diskBytes, rows }, null, 2));
  else printTable(rows, { changedBytes, diskBytes });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
