import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArchiveFormat } from '../../contract/index.ts';
import { fileNameFromBytes } from '../../volumes/tree/index.ts';
import { archiveName } from './archive-names.ts';

const named = (path: string, format: ArchiveFormat = 'tar') =>
  Buffer.from(archiveName(path, format)).toString('latin1');

describe('names in archives', () => {
  it('keep the exact bytes of what is harmless', () => {
    expect(named('a/b c/d')).toBe('a/b c/d');
    expect(Buffer.from(archiveName('größe', 'tar')).toString()).toBe('größe');
    expect(named('caf\\xe9')).toBe('caf\xe9');
    expect(named('system\\x5cx2dunit.slice')).toBe('system\\x2dunit.slice');
  });

  it('are text in a zip', () => {
    expect(named('caf\\xe9', 'zip')).toBe('caf%E9');
    expect(named('line\\x0abreak', 'zip')).toBe('line%0Abreak');
    expect(Buffer.from(archiveName('größe', 'zip')).toString()).toBe('größe');
  });

  it('never climb, whatever a tool takes for a separator or a drive', () => {
    expect(named('..\\..\\evil')).toBe('..%5C..%5Cevil');
    expect(named('\\evil')).toBe('%5Cevil');
    expect(named('c:\\evil')).toBe('c%3A\\evil');
    expect(named('a/../b')).toBe('a/%2E%2E/b');
    expect(named('/etc/passwd')).toBe('etc/passwd');
    expect(named('a\\x2f..\\x2fb')).toBe('a%2F..%2Fb');
    expect(named('nul\\x00byte')).toBe('nul%00byte');
  });

  it('stay inside for any bytes', () => {
    const part = fc
      .array(fc.constantFrom('.', '..', '/', '\\', ':', 'c', '\0', 'é'), { minLength: 1, maxLength: 8 })
      .map((characters) => fileNameFromBytes(Buffer.from(characters.join(''))).text);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        for (const format of ['zip', 'tar'] as const) {
          const name = named(parts.join('/'), format);
          expect(name.split(/[/\\]/)).not.toContain('..');
          expect(name).not.toMatch(/^[/\\]|^[a-z]:|\0/i);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
