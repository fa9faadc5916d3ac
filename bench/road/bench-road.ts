import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContainerClient } from '@azure/storage-blob';
import type { CliIo } from '../../server/cli/cli-io.ts';
import { createTerminalIo } from '../../server/cli/terminal-io.ts';
import { debianDisk } from '../engine/images.ts';
import { runProcess } from '../engine/run-process.ts';
import { allocatedRanges } from './allocated-ranges.ts';
import { backUpByRoad, type RoadRun, restoreByRoad } from './drive-road.ts';
import { openRoadLab, type RoadLab } from './road-lab.ts';
import { type BareRun, printRoad, type RoadFigures } from './road-report.ts';
import { treeCpuSeconds } from './tree-cpu.ts';

export interface BenchRoadOptions {
  readonly json: boolean;
  readonly image: string | undefined;
  readonly rounds: number;
  readonly restore: boolean;
}

const cache = join(import.meta.dirname, '../../.cache/engine-bench');

/** Measures the whole road and the bare upload, turn about, against the same Azurite in the same run. */
export async function benchRoad(options: BenchRoadOptions): Promise<void> {
  const image = options.image ?? (await debianDisk(cache));
  const terminal = createTerminalIo();
  // A line per step, as where nobody watches: bars would mix with the figures.
  const io: CliIo = { ...terminal, interactive: false };
  const work = await mkdtemp(join(tmpdir(), 'cairn-road-'));
  const road = await openRoadLab(image, io);
  try {
    const rangesFile = join(work, 'ranges.json');
    await writeFile(rangesFile, JSON.stringify(await allocatedRanges(image)));
    const figures: RoadFigures = { bare: [], backups: [], restores: [] };
    for (let round = 1; round <= options.rounds; round++) {
      const bare = await uploadBare(road, { image, rangesFile, container: `bare-${round}` });
      say(io, 'bare upload', bare.seconds, bare.cpuSeconds);
      figures.bare.push(bare);
      const name = `road-${round}`;
      const backup = await backUpByRoad(road, name, io);
      sayRun(io, 'backup', backup);
      figures.backups.push(backup);
      if (!options.restore) continue;
      const restored = await restoreByRoad(road, { backup, name }, io);
      sayRun(io, 'restore', restored);
      figures.restores.push(restored);
    }
    printRoad(figures, options.json);
  } finally {
    await road.close();
    await rm(work, { recursive: true, force: true });
  }
}

interface BareUpload {
  readonly image: string;
  readonly rangesFile: string;
  readonly container: string;
}

async function uploadBare(road: RoadLab, { image, rangesFile, container }: BareUpload): Promise<BareRun> {
  const url = await road.openContainer(container);
  const program = join(import.meta.dirname, 'bare-upload.ts');
  const cpuBefore = treeCpuSeconds();
  const { output, cpuSeconds, peakMemory } = await runProcess(
    [process.execPath, program, image, rangesFile],
    {
      env: { ROAD_CONTAINER: url, NODE_EXTRA_CA_CERTS: road.lab.addresses.caFile },
    },
  );
  const allCpuSeconds = treeCpuSeconds() - cpuBefore;
  // Its blobs would only fill the lab's memory.
  await new ContainerClient(url).delete().catch(() => undefined);
  return {
    ...(JSON.parse(output) as Pick<BareRun, 'seconds' | 'bytes' | 'blobs'>),
    cpuSeconds,
    allCpuSeconds,
    peakMemory,
  };
}

function sayRun(io: CliIo, name: string, run: RoadRun): void {
  say(io, `${name}, task of the worker`, run.taskSeconds, run.taskCpuSeconds);
  say(io, `${name}, whole session`, run.sessionSeconds);
}

function say(io: CliIo, name: string, seconds: number, cpuSeconds?: number): void {
  const cpu = cpuSeconds === undefined ? '' : `, ${cpuSeconds.toFixed(2)} s of CPU`;
  io.stderr(`${name.padEnd(30)} ${seconds.toFixed(2)} s${cpu}\n`);
}
