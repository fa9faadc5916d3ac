const longest = 22;

/** A side's name as a heading has room for it: its end, which is where two points differ. */
export function sideName(name: string): string {
  return name.length <= longest ? name : `…${name.slice(-longest)}`;
}
