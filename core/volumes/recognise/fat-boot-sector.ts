import type { Probe } from './probe.ts';

/**
 * Whether the first sector is a FAT boot sector: there is no magic number, so every field of its parameter
 * block has to make sense together.
 */
export function matchesFat(probe: Probe): boolean {
  const jump = probe.byte(0);
  const bytesPerSector = probe.u16(11);
  const total = probe.u16(19) || probe.u32(32);
  const perFat = probe.u16(22) || probe.u32(36);
  return (
    (jump === 0xeb || jump === 0xe9) &&
    [512, 1024, 2048, 4096].includes(bytesPerSector) &&
    isPowerOfTwo(probe.byte(13)) &&
    probe.u16(14) > 0 &&
    [1, 2].includes(probe.byte(16)) &&
    (probe.byte(21) === 0xf0 || probe.byte(21) >= 0xf8) &&
    total > 0 &&
    perFat > 0 &&
    perFat < total &&
    total * bytesPerSector <= probe.size + 1_048_576
  );
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
