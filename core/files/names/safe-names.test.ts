import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileNameFromBytes } from '../../volumes/tree/index.ts';
import { type NamePlatform, ownPlatform } from './platform-rules.ts';
import { safeNames } from './safe-names.ts';

const platforms: readonly NamePlatform[] = ['posix', 'darwin', 'windows'];
const one = (platform: NamePlatform, name: string) => safeNames(platform).escape(name, new Set());

describe('safe names', () => {
  it('leave what is allowed as it is', () => {
    for (const platform of platforms)
      for (const name of ['plain.txt', 'größe 日本 😀', '.hidden', '100%', '50%done', 'a%zz'])
        expect(one(platform, name)).toBe(name);
    expect(one('posix', 'NUL')).toBe('NUL');
    expect(one('posix', 'what? a:b*')).toBe('what? a:b*');
  });

  it('escape what Windows refuses', () => {
    const expected = {
      'a:b': 'a%3Ab',
      'a<>:"|?*b': 'a%3C%3E%3A%22%7C%3F%2Ab',
      'back\\slash': 'back%5Cslash',
      'line\\x0abreak': 'line%0Abreak',
      'ends with dot.': 'ends with dot%2E',
      'ends with space ': 'ends with space%20',
      nul: '%6Eul',
      'CON.txt': '%43ON.txt',
      'com¹': '%63om¹',
      'COM1 .x': '%43OM1 .x',
      conclusion: 'conclusion',
    };
    for (const [name, escaped] of Object.entries(expected)) expect(one('windows', name)).toBe(escaped);
  });

  it('escape bytes that are no text, and what looks like an escape', () => {
    expect(one('posix', 'caf\\xe9')).toBe('caf%E9');
    expect(one('posix', '%41')).toBe('%2541');
    expect(one('posix', 'a%~b')).toBe('a%25~b');
    expect(one('posix', 'a\\x2fb')).toBe('a%2Fb');
  });

  it('keep names apart that the platform would take for one', () => {
    const names = ['README', 'readme', 'ReadMe', 'é', 'e\u0301'];
    for (const platform of ['windows', 'darwin'] as const) {
      const safe = safeNames(platform);
      const taken = new Set<string>();
      const given = names.map((name) => safe.escape(name, taken));
      expect(new Set(given.map((name) => safe.foldedName(name))).size).toBe(names.length);
      expect(given.map((name) => Buffer.from(safe.original(name) ?? []).toString())).toEqual(names);
    }
    const taken = new Set<string>();
    expect(names.map((name) => safeNames('posix').escape(name, taken))).toEqual(names);
  });

  it('cut names that are too long, differently for different names', () => {
    const long = 'x'.repeat(254);
    for (const platform of platforms) {
      const safe = safeNames(platform);
      const cut = one(platform, `${long}ä😀.tar`);
      expect(cut.length).toBeLessThanOrEqual(255);
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(255);
      expect(cut.endsWith('.tar')).toBe(true);
      expect(safe.original(cut)).toBeUndefined();
      expect(one(platform, `${long}ö😀.tar`)).not.toBe(cut);
    }
  });

  it('go back to the bytes of any name on any platform, and are always allowed there', () => {
    const tricky = fc.constantFrom(
      '%',
      '4',
      '1',
      'F',
      '.',
      ' ',
      ':',
      '\\',
      'x',
      'ä',
      'con',
      'NUL',
      '~',
      '/',
      '\n',
    );
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
      fc
        .array(tricky, { minLength: 1, maxLength: 12 })
        .map((parts) => new Uint8Array(Buffer.from(parts.join('')))),
    );
    fc.assert(
      fc.property(bytes, fc.constantFrom(...platforms), (name, platform) => {
        const safe = safeNames(platform);
        const escaped = safe.escape(fileNameFromBytes(name).text, new Set());
        expect(Buffer.from(safe.original(escaped) ?? []).equals(name)).toBe(true);
        expect(escaped).not.toMatch(/[/\0]|^\.\.?$/);
        if (platform !== 'windows') return;
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what Windows refuses
        expect(escaped).not.toMatch(/[<>:"\\|?*\0-\x1f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
      }),
      { numRuns: 2000 },
    );
  });

  it('never give two names of one folder the same place', () => {
    const part = fc.array(fc.constantFrom('a', 'A', 'ß', 'ss', '%', '41', '.', ' '), {
      minLength: 1,
      maxLength: 4,
    });
    const folder = fc.uniqueArray(
      part.map((parts) => parts.join('')),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(folder, fc.constantFrom(...platforms), (names, platform) => {
        const safe = safeNames(platform);
        const taken = new Set<string>();
        const given = names.filter((name) => !/^\.\.?$/.test(name)).map((name) => safe.escape(name, taken));
        expect(new Set(given.map((name) => safe.foldedName(name))).size).toBe(given.length);
      }),
    );
  });

  it('follow the computer', () => {
    expect(['win32', 'darwin', 'linux'].map((name) => ownPlatform(name as NodeJS.Platform))).toEqual([
      'windows',
      'darwin',
      'posix',
    ]);
  });
});
