/** A VM size as the SKU list describes it. */
export interface VmSize {
  readonly name: string;
  readonly family: string;
  readonly tier: 'Standard';
  readonly cores: number;
  readonly memoryGb: number;
  readonly maxDataDisks: number;
  readonly maxNics: number;
  readonly premiumIo: boolean;
  readonly generations: 'V1' | 'V2' | 'V1,V2';
  readonly architecture: 'x64' | 'Arm64';
}

type Row = readonly [name: string, cores: number, memoryGb: number, maxDataDisks: number, maxNics: number];

function series(
  family: string,
  rows: readonly Row[],
  traits: Partial<Pick<VmSize, 'premiumIo' | 'generations' | 'architecture'>> = {},
): readonly VmSize[] {
  return rows.map(([name, cores, memoryGb, maxDataDisks, maxNics]) => ({
    name: `Standard_${name}`,
    family,
    tier: 'Standard',
    cores,
    memoryGb,
    maxDataDisks,
    maxNics,
    premiumIo: true,
    generations: 'V1,V2',
    architecture: 'x64',
    ...traits,
  }));
}

/** The sizes of the lab's regions (figures from Azure's size pages). */
export const vmSizes: readonly VmSize[] = [
  ...series('standardFSv2Family', [
    ['F2s_v2', 2, 4, 4, 2],
    ['F4s_v2', 4, 8, 8, 2],
    ['F8s_v2', 8, 16, 16, 4],
    ['F16s_v2', 16, 32, 32, 4],
    ['F32s_v2', 32, 64, 32, 8],
  ]),
  ...series(
    'standardEv5Family',
    [
      ['E2_v5', 2, 16, 4, 2],
      ['E4_v5', 4, 32, 8, 2],
      ['E8_v5', 8, 64, 16, 4],
      ['E16_v5', 16, 128, 32, 8],
    ],
    { premiumIo: false },
  ),
  ...series('standardESv5Family', [
    ['E2s_v5', 2, 16, 4, 2],
    ['E4s_v5', 4, 32, 8, 2],
    ['E8s_v5', 8, 64, 16, 4],
  ]),
  ...series('standardDSv5Family', [
    ['D2s_v5', 2, 8, 4, 2],
    ['D4s_v5', 4, 16, 8, 2],
    ['D8s_v5', 8, 32, 16, 4],
  ]),
  ...series('standardDSv3Family', [
    ['D2s_v3', 2, 8, 4, 2],
    ['D4s_v3', 4, 16, 8, 2],
  ]),
  ...series('standardBsv2Family', [
    ['B2s_v2', 2, 8, 4, 2],
    ['B2ts_v2', 2, 1, 4, 2],
    ['B4s_v2', 4, 16, 8, 3],
  ]),
  ...series('standardBSFamily', [
    ['B1s', 1, 1, 2, 2],
    ['B2s', 2, 4, 4, 3],
    ['B2ms', 2, 8, 4, 3],
  ]),
  ...series('standardDPSv5Family', [['D2ps_v5', 2, 8, 4, 2]], { generations: 'V2', architecture: 'Arm64' }),
];
