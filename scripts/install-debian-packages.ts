import { debianPackages, installDebianPackages, type PackageSet } from '../lab/estate/index.ts';

/**
 * Installs the Debian packages that the lab and the tests use, only missing ones. Arguments name sets of packages
 * (`lab`, `makeDisk`, `judges`, `endToEnd`); without any, all. Says nothing when there is nothing to do.
 */
const isSet = (text: string): text is PackageSet => Object.hasOwn(debianPackages, text);
const asked = process.argv.slice(2);
const sets = asked.length === 0 ? Object.keys(debianPackages).filter(isSet) : asked.filter(isSet);
try {
  if (sets.length < asked.length) {
    throw new Error(`There are the sets ${Object.keys(debianPackages).join(', ')}.`);
  }
  const installed = await installDebianPackages(sets, new AbortController().signal);
  if (installed.length > 0) process.stderr.write(`Installed: ${installed.join(' ')}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
