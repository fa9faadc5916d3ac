import { describe, expect, it } from 'vitest';
import { parseFstab } from './fstab.ts';

const parse = (text: string): [string, string][] =>
  parseFstab(Buffer.from(text)).map(({ device, place }) => [device, place]);

describe('fstab', () => {
  it('gives devices and places; comments, swap, binds and lines of nonsense are left out', () => {
    const text = [
      '# UUID=no /commented ext4',
      'UUID=0a3407de-014b-458b-b5c1-848e92a327a3\t/  ext4\tdefaults 0 1',
      '  LABEL="my\\040data"   /srv/my\\040data xfs rw,nofail',
      'LABEL=grün /grün ext4',
      '/swap.img none swap sw 0 0',
      '/srv/a /srv/b none rw,bind 0 0',
      'tmpfs',
      '',
    ].join('\n');
    expect(parse(text)).toEqual([
      ['UUID=0a3407de-014b-458b-b5c1-848e92a327a3', '/'],
      ['LABEL=my data', '/srv/my data'],
      ['LABEL=grün', '/grün'],
    ]);
  });

  it('shows places safely, whatever bytes they have, and only so many', () => {
    expect(parse('/dev/sda1 //a\\033[31m/\\377//b/')).toEqual([['/dev/sda1', '/a\\x1b[31m/\\xff/b']]);
    expect(parse(`/dev/sda1 /${'a'.repeat(2000)}`)).toEqual([]);
    expect(parse('/dev/sda1 /x\n'.repeat(5000)).length).toBe(1000);
  });
});
