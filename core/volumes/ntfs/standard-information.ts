import type { Fields } from '../disk/index.ts';
import type { NodeTimes } from '../tree/index.ts';

export const fileAttribute = { system: 0x4, recallOnData: 0x400000 } as const;

/** The words shown for the bits of a file's attributes, from [MS-FSCC] 2.6. */
const NAMES: readonly (readonly [bit: number, name: string])[] = [
  [0x1, 'readonly'],
  [0x2, 'hidden'],
  [0x4, 'system'],
  [0x20, 'archive'],
  [0x100, 'temporary'],
  [0x200, 'sparse'],
  [0x400, 'reparse-point'],
  [0x800, 'compressed'],
  [0x1000, 'offline'],
  [0x2000, 'not-indexed'],
  [0x4000, 'encrypted'],
];

/** 1601 to 1970, in units of 100 ns. */
const EPOCH = 116_444_736_000_000_000n;

export interface StandardInformation {
  readonly times: NodeTimes;
  readonly flags: number;
  readonly attributes: readonly string[];
  /** Number of the owner's shared security descriptor; 0 where the file has one of its own. */
  readonly securityId: number;
}

export function parseStandardInformation(value: Fields): StandardInformation {
  const flags = value.u32(32);
  return {
    times: {
      created: fileTime(value, 0),
      modified: fileTime(value, 8),
      changed: fileTime(value, 16),
      accessed: fileTime(value, 24),
    },
    flags,
    attributes: attributeNames(flags),
    securityId: value.length >= 56 ? value.u32(52) : 0,
  };
}

export function attributeNames(flags: number): string[] {
  return NAMES.filter(([bit]) => flags & bit).map(([, name]) => name);
}

function fileTime(value: Fields, at: number): bigint {
  return (value.signed64(at) - EPOCH) * 100n;
}
