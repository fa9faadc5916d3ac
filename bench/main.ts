/** `npm run bench -- engine`, `road` or `files`: measurements against peers, on the same bytes in the same run. */
import { parseArgs } from 'node:util';
import { benchEngine } from './engine/bench-engine.ts';
import { benchFiles } from './files/bench-files.ts';
import { benchRoad } from './road/bench-road.ts';

const usage = `Usage: bench engine [--json] [--image FILE --second FILE] [--rounds N] [--no-install]
       bench road [--json] [--image FILE] [--rounds N] [--restore]
       bench files [--json] [--rounds N] [--guestfish]
  engine     the data engine on a local folder against restic, borg, zstd and qemu-img
  road       a backup through console, lab and worker against a bare upload to the same Azurite (needs root)
  files      files of a restore point, near and 40 ms away, against 7-Zip and The Sleuth Kit on the raw disk
  --image    raw disk image, the first state (default: a Debian root disk, made once under .cache/)
  --second   its second state (default: the image with 1 % of its used blocks changed)
  --rounds   measurements of each; the median counts (default 3)
  --restore  also restores every backup
  --guestfish  also libguestfs, which takes minutes without KVM`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    image: { type: 'string' },
    second: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    restore: { type: 'boolean', default: false },
    'no-install': { type: 'boolean', default: false },
    guestfish: { type: 'boolean', default: false },
  },
});
const { json, image, restore } = values;
const rounds = Math.max(1, Number(values.rounds));

if (positionals[0] === 'engine') {
  await benchEngine({ json, image, second: values.second, rounds, install: !values['no-install'] });
} else if (positionals[0] === 'road') {
  await benchRoad({ json, image, rounds, restore });
} else if (positionals[0] === 'files') {
  await benchFiles({ json, rounds, guestfish: values.guestfish });
} else {
  console.error(usage);
  process.exitCode = 2;
}
