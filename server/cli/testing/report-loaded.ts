/** Preloaded into a process of the command line: tells on standard error which modules it loaded, and that a thread began. */
import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) writeSync(2, 'loaded a thread\n');
const loaded = new Set<string>();
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    loaded.add(found.url);
    return found;
  },
});
process.on('exit', () => writeSync(2, [...loaded].map((url) => `loaded ${url}\n`).join('')));
