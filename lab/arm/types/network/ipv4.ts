/** A block of IPv4 addresses. */
export interface Ipv4Range {
  readonly first: number;
  readonly size: number;
}

const maxAddress = 2 ** 32;

export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((each) => /^\d{1,3}$/.test(each) && Number(each) < 256))
    return undefined;
  return parts.reduce((address, each) => address * 256 + Number(each), 0);
}

export const formatIpv4 = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

/** `10.0.0.0/24`; undefined when it is no block or its host bits are not zero. */
export function parseRange(text: string): Ipv4Range | undefined {
  const [address = '', bits = ''] = text.split('/');
  const first = parseIpv4(address);
  if (first === undefined || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  return first % size === 0 && first + size <= maxAddress ? { first, size } : undefined;
}

export const contains = (outer: Ipv4Range, inner: Ipv4Range): boolean =>
  inner.first >= outer.first && inner.first + inner.size <= outer.first + outer.size;

export const overlap = (a: Ipv4Range, b: Ipv4Range): boolean =>
  a.first < b.first + b.size && b.first < a.first + a.size;

/** Addresses a subnet can give: Azure keeps the first four and the last. */
export function usableAddresses({ first, size }: Ipv4Range): { readonly from: number; readonly to: number } {
  return { from: first + 4, to: first + size - 2 };
}
