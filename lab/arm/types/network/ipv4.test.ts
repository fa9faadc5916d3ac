import { describe, expect, it } from 'vitest';
import { contains, formatIpv4, overlap, parseIpv4, parseRange, usableAddresses } from './ipv4.ts';

const range = (text: string) => {
  const parsed = parseRange(text);
  if (!parsed) throw new Error(`no range: ${text}`);
  return parsed;
};

describe('IPv4 ranges', () => {
  it('are read and written', () => {
    expect(formatIpv4(parseIpv4('192.168.255.1') ?? 0)).toBe('192.168.255.1');
    expect(range('10.0.0.0/24')).toEqual({ first: 10 * 2 ** 24, size: 256 });
    expect(range('0.0.0.0/0').size).toBe(2 ** 32);
  });

  it.each(['10.0.0.1/24', '10.0.0.0/33', '10.0.0/24', '10.0.0.256/32', 'fd00::/8', '10.0.0.0'])(
    '%s is none',
    (text) => {
      expect(parseRange(text)).toBeUndefined();
    },
  );

  it('know what lies in them', () => {
    expect(contains(range('10.0.0.0/16'), range('10.0.255.0/24'))).toBe(true);
    expect(contains(range('10.0.0.0/16'), range('10.1.0.0/24'))).toBe(false);
    expect(overlap(range('10.0.0.0/24'), range('10.0.0.128/25'))).toBe(true);
    expect(overlap(range('10.0.0.0/24'), range('10.0.1.0/24'))).toBe(false);
  });

  it('keep five addresses of a subnet for Azure', () => {
    const { from, to } = usableAddresses(range('10.0.0.0/29'));
    expect([formatIpv4(from), formatIpv4(to)]).toEqual(['10.0.0.4', '10.0.0.6']);
  });
});
