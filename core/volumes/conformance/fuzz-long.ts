import { fuzz } from './fuzz.ts';
import { readSample, sampleNames } from './samples.ts';

/** Runs many rounds over all samples: `fuzz-long.ts ROUNDS SEED [SAMPLE...]`; a line of JSON for each sample. */
const [rounds = '1000', seed = 'long', ...chosen] = process.argv.slice(2);
let failed = false;
for (const name of chosen.length > 0 ? chosen : sampleNames) {
  const start = performance.now();
  const outcome = await fuzz({
    image: await readSample(name),
    seed: `${seed}-${name}`,
    rounds: Number(rounds),
  });
  failed ||= outcome.failures.length > 0;
  const { failures, damaged, slowest } = outcome;
  const seconds = (performance.now() - start) / 1000;
  const rss = process.memoryUsage().rss;
  const line = {
    name,
    rounds: Number(rounds),
    damaged,
    slowest,
    seconds,
    rss,
    failures: failures.slice(0, 5),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
process.exitCode = failed ? 1 : 0;
