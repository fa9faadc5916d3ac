import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { runProcess } from '../engine/run-process.ts';
import { azuriteContainer } from './azurite-container.ts';
import type { MeasuredStep } from './files-child.ts';
import { content, filesImage } from './files-image.ts';
import { type FilesPeer, filesPeers } from './files-peers.ts';
import { filesRepository } from './files-repository.ts';

export interface BenchFilesOptions {
  readonly json: boolean;
  readonly rounds: number;
  /** Also libguestfs, which takes minutes without KVM. */
  readonly guestfish: boolean;
}

/** One line of the result; the median of its rounds. */
interface FilesRow {
  readonly name: string;
  readonly seconds: number;
  /** Of the whole process that ran it, with the steps before. */
  readonly cpuSeconds: number;
  readonly peakMemory: number;
  readonly requests: number | undefined;
  readonly bytesPerSecond: number | undefined;
  readonly samples: readonly number[];
}

const cache = path.join(import.meta.dirname, '../../.cache/files-bench');
const child = path.join(import.meta.dirname, 'files-child.ts');
const operations = ['browse', 'read', 'small'];

/**
 * Measures file recovery from a repository in a folder, near and 40 ms away, and in Azurite, beside other readers on
 * the raw disk.
 */
export async function benchFiles(options: BenchFilesOptions): Promise<void> {
  await mkdir(cache, { recursive: true });
  const image = await filesImage(cache);
  const repository = await filesRepository(cache, image);
  const azurite = await azuriteContainer(cache, repository);
  const samples = new Map<string, Omit<FilesRow, 'name' | 'samples'>[]>();
  const keep = (name: string, sample: Omit<FilesRow, 'name' | 'samples'>) =>
    samples.set(name, [...(samples.get(name) ?? []), sample]);
  const places: readonly Place[] = [
    { name: 'folder', delay: 0, env: {} },
    { name: 'folder, 40 ms', delay: 40, env: {} },
    { name: 'Azurite', delay: 0, env: { CAIRN_BENCH_CONTAINER: azurite.url } },
  ];
  try {
    for (let round = 0; round < options.rounds; round++) {
      for (const place of places)
        for (const operation of operations) await measureCairn(place, operation, keep);
      for (const peer of await filesPeers(options.guestfish)) await measurePeer(peer, image, keep);
    }
  } finally {
    await azurite.stop();
  }
  report(
    [...samples].map(([name, all]) => median(name, all)),
    options.json,
  );
}

type Keep = (name: string, sample: Omit<FilesRow, 'name' | 'samples'>) => void;

/** Where the repository is. */
interface Place {
  readonly name: string;
  /** Milliseconds added to every request. */
  readonly delay: number;
  readonly env: Readonly<Record<string, string>>;
}

async function measureCairn(place: Place, operation: string, keep: Keep): Promise<void> {
  const command = [process.execPath, child, operation, '--cache', cache, '--delay', String(place.delay)];
  const { output, cpuSeconds, peakMemory } = await runProcess(command, { env: place.env });
  let requests = 0;
  for (const step of JSON.parse(output) as MeasuredStep[]) {
    const bytesPerSecond = operation === 'browse' ? undefined : step.amount / step.seconds;
    const own = { seconds: step.seconds, requests: step.requests - requests };
    keep(`Cairn, ${place.name}: ${step.name}`, { ...own, cpuSeconds, peakMemory, bytesPerSecond });
    requests = step.requests;
  }
}

async function measurePeer(peer: FilesPeer, image: string, keep: Keep): Promise<void> {
  for (const { name, command, bytes } of peer.steps(image)) {
    const { seconds, cpuSeconds, peakMemory } = await runProcess(command);
    const bytesPerSecond = bytes === undefined ? undefined : bytes / seconds;
    keep(`${peer.name}: ${name}`, { seconds, cpuSeconds, peakMemory, bytesPerSecond, requests: undefined });
  }
}

function median(name: string, all: readonly Omit<FilesRow, 'name' | 'samples'>[]): FilesRow {
  const sorted = all.toSorted((left, right) => left.seconds - right.seconds);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error(`There is no measurement of ${name}.`);
  return { name, ...middle, samples: all.map(({ seconds }) => seconds) };
}

function report(rows: readonly FilesRow[], json: boolean): void {
  if (json) {
    console.log(JSON.stringify({ content, rows }, null, 2));
    return;
  }
  const cells = (...all: readonly string[]) => all.map((cell) => cell.padStart(12)).join('');
  console.log(''.padEnd(52) + cells('seconds', 'CPU seconds', 'MB/s', 'requests', 'peak MiB'));
  for (const row of rows) {
    const speed = row.bytesPerSecond === undefined ? '' : (row.bytesPerSecond / 1e6).toFixed(1);
    const numbers = [row.seconds.toFixed(2), row.cpuSeconds.toFixed(2), speed];
    console.log(
      row.name.padEnd(52) + cells(...numbers, String(row.requests ?? ''), row.peakMemory.toFixed(0)),
    );
  }
}
