const PER_SECOND = 1_000_000_000n;
/** Seconds that the calendar of `Date` reaches, both ways. */
const FARTHEST = 8_640_000_000_000n;

/**
 * Nanoseconds since 1970 as a UTC time with as many digits of a second as are not zero. Null for no time, and for
 * one beyond the year 275,760, which only damage makes.
 */
export function fileTimeText(nanoseconds: bigint | undefined): string | null {
  if (nanoseconds === undefined) return null;
  const fraction = ((nanoseconds % PER_SECOND) + PER_SECOND) % PER_SECOND;
  const seconds = (nanoseconds - fraction) / PER_SECOND;
  if (seconds >= FARTHEST || seconds <= -FARTHEST) return null;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length);
  const digits = fraction.toString().padStart(9, '0').replace(/0+$/, '');
  return digits === '' ? `${whole}Z` : `${whole}.${digits}Z`;
}

/** The reverse of `fileTimeText`: nanoseconds since 1970. */
export function fileTimeNanoseconds(text: string): bigint {
  const [, whole = '', digits = ''] = /^(.*?)(?:\.(\d{1,9}))?Z$/.exec(text) ?? [];
  // Six digits of a year need a sign; four must not have one.
  const sound = whole.replace(/^\+(?=\d{4}-)/, '').replace(/^(?=\d{5,6}-)/, '+');
  return BigInt(Date.parse(`${sound}Z`)) * 1_000_000n + BigInt(digits.padEnd(9, '0'));
}
