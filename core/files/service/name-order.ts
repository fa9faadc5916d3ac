/** One collation wherever Cairn runs: numbers by value, case and accents only where nothing else differs. */
const collator = new Intl.Collator('en', { numeric: true });

/** The order of names in a folder: `file 2` before `file 10`; the same on every computer. */
export function compareNames(left: string, right: string): number {
  return collator.compare(left, right) || (left < right ? -1 : left > right ? 1 : 0);
}
