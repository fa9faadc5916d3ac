import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linkStaysInside } from './link-safety.ts';

it('links inside are kept, all others are not', () => {
  expect(linkStaysInside(['a'], '../b')).toBe(true);
  expect(linkStaysInside(['a'], './b/c')).toBe(true);
  expect(linkStaysInside(['a', 'b'], '../..')).toBe(true);
  expect(linkStaysInside([], '..')).toBe(false);
  expect(linkStaysInside(['a'], '../../b')).toBe(false);
  expect(linkStaysInside(['a'], 'b/../c')).toBe(false);
  for (const target of ['', '/etc', 'c:\\x', 'a\\b', 'nul\0'])
    expect(linkStaysInside(['a'], target)).toBe(false);
});

it('no chain of kept links leads out', () => {
  const part = fc.constantFrom('..', '.', 'a', 'b', 'c');
  const target = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const links = fc.array(
    fc.record({ folder: fc.constantFrom('', 'd', 'd/e'), name: fc.constantFrom('a', 'b', 'c'), target }),
  );
  fc.assert(
    fc.property(links, target, (all, start) => {
      const kept = new Map<string, string>();
      for (const link of all)
        if (linkStaysInside(link.folder.split('/').filter(Boolean), link.target))
          kept.set(path.posix.join(link.folder, link.name), link.target);
      if (linkStaysInside(['d', 'e'], start)) expect(followed('d/e', start, kept)).not.toBe('outside');
    }),
    { numRuns: 5000 },
  );
});

/** Walks as an operating system would, in a tree where every name that is no link is a folder. */
function followed(from: string, target: string, links: ReadonlyMap<string, string>): string {
  const at = from.split('/').filter(Boolean);
  const waiting = target.split('/');
  for (let steps = 0; waiting.length > 0 && steps < 100; steps++) {
    const part = waiting.shift() ?? '';
    if (part === '..' && at.length === 0) return 'outside';
    if (part === '..') at.pop();
    else if (part !== '.' && part !== '') {
      const link = links.get([...at, part].join('/'));
      if (link === undefined) at.push(part);
      else waiting.unshift(...link.split('/'));
    }
  }
  return at.join('/');
}
