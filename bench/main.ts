/** `npm run bench -- engine`: measurements against peers, on the same bytes in the same run. */
import { parseArgs } from 'node:util';
import { benchEngine } from './engine/bench-engine.ts';

const usage = `Usage: bench engine [--json] [--image FILE --second FILE] [--rounds N] [--no-install]
  --image    raw disk image, the first state (default: a Debian root disk, made once under .cache/)
  --second   its second state (default: the image with 1 % of its used blocks changed)
  --rounds   measurements of each; the median counts (default 3)`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    image: { type: 'string' },
    second: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    'no-install': { type: 'boolean', default: false },
  },
});

if (positionals[0] !== 'engine') {
  console.error(usage);
  process.exitCode = 2;
} else {
  await benchEngine({
    json: values.json,
    image: values.image,
    second: values.second,
    rounds: Math.max(1, Number(values.rounds)),
    install: !values['no-install'],
  });
}
