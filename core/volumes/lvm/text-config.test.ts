import { describe, expect, it } from 'vitest';
import { listIn, numberIn, parseTextConfig, sectionIn, textIn } from './text-config.ts';
import { parseVolumeGroup } from './volume-group.ts';

describe('LVM metadata', () => {
  it('has sections, texts, numbers, lists and comments', () => {
    const parsed = parseTextConfig(
      '# first\nvg { id = "a\\"b" count=3 # three\n list = ["x", 4,\n"y"] empty=[] sub { n = -1 } }',
    );
    const group = sectionIn(parsed, 'vg');
    expect(textIn(group, 'id')).toBe('a"b');
    expect(numberIn(group, 'count')).toBe(3);
    expect(listIn(group, 'list')).toEqual(['x', 4, 'y']);
    expect(listIn(group, 'empty')).toEqual([]);
    expect(() => numberIn(sectionIn(group, 'sub'), 'n')).toThrow(
      expect.objectContaining({ code: 'damaged' }),
    );
  });

  it('that is not well-formed is damage', () => {
    for (const text of ['a {', 'a }', 'a = ', 'a = [1', 'a 1', 'a = "x', '{', 'a { '.repeat(100), 'a = %'])
      expect(() => parseTextConfig(text), text).toThrow(expect.objectContaining({ code: 'damaged' }));
  });

  it('cannot smuggle in names that objects already have', () => {
    const parsed = parseTextConfig('__proto__ { polluted = 1 } constructor = 2');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(numberIn(parsed, 'constructor')).toBe(2);
    expect(() => sectionIn(parseTextConfig('a = 1'), 'toString')).toThrow(
      expect.objectContaining({ code: 'damaged' }),
    );
  });

  it('names kinds of volumes that cannot be put together', () => {
    const text = `vg { id = "i" seqno = 1 extent_size = 8192 physical_volumes { }
      logical_volumes { pool { id = "l" status = ["VISIBLE"] segment1 { type = "thin-pool" } } } }`;
    expect(parseVolumeGroup(text, 10).volumes).toMatchObject([
      { name: 'pool', segments: undefined, problem: expect.stringContaining('thin-pool') },
    ]);
  });
});
