import { globTest } from '../../volumes/index.ts';

/** Whether a name passes a filter: a part of it, or a pattern of `*` and `?` for the whole name; without case. */
export function nameFilter(filter: string): (name: string) => boolean {
  const wanted = filter.toLowerCase();
  if (wanted === '') return () => true;
  if (!/[*?]/.test(wanted)) return (name) => name.toLowerCase().includes(wanted);
  const test = globTest(wanted);
  return (name) => test(name.toLowerCase());
}
