const DAY = 86_400_000;

/**
 * A date and time of FAT or exFAT as nanoseconds since 1970, taking its wall clock for UTC. `hundredths`
 * refines the time, which counts in steps of two seconds. Undefined where no date was set.
 */
export function fatTime(date: number, time: number, hundredths = 0): bigint | undefined {
  const day = date & 0x1f;
  const month = (date >> 5) & 0xf;
  if (day === 0 || month === 0 || month > 12) return undefined;
  const days = Date.UTC(1980 + (date >> 9), month - 1, day) / DAY;
  const seconds = (time >> 11) * 3600 + ((time >> 5) & 0x3f) * 60 + (time & 0x1f) * 2;
  return BigInt(days * 86_400 + seconds) * 1_000_000_000n + BigInt(hundredths) * 10_000_000n;
}
