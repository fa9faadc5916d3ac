/** Part of a disk. */
export interface Area {
  readonly offset: number;
  readonly length: number;
}

/** Areas with everything between them (and up to `size`) added as cleared: together they cover the whole disk. */
export function coverWhole(
  areas: readonly Area[],
  size: number,
): { offset: number; length: number; cleared: boolean }[] {
  const whole: { offset: number; length: number; cleared: boolean }[] = [];
  let end = 0;
  for (const { offset, length } of areas) {
    if (offset > end) whole.push({ offset: end, length: offset - end, cleared: true });
    whole.push({ offset, length, cleared: false });
    end = offset + length;
  }
  if (end < size) whole.push({ offset: end, length: size - end, cleared: true });
  return whole;
}

/** Areas cut off at the end of the disk; Azure may round the last one up. */
export function withinDisk<T extends Area>(areas: readonly T[], size: number): T[] {
  return areas
    .filter((area) => area.offset < size)
    .map((area) => (area.offset + area.length <= size ? area : { ...area, length: size - area.offset }));
}

/** The union of two ascending sequences of areas, ascending, touching ones joined. */
export async function* unionOf(
  left: AsyncIterable<Area> | Iterable<Area>,
  right: AsyncIterable<Area> | Iterable<Area>,
): AsyncGenerator<Area> {
  let current: { offset: number; end: number } | undefined;
  for await (const area of merged(left, right)) {
    const end = area.offset + area.length;
    if (current && area.offset <= current.end) {
      current.end = Math.max(current.end, end);
      continue;
    }
    if (current) yield { offset: current.offset, length: current.end - current.offset };
    current = { offset: area.offset, end };
  }
  if (current) yield { offset: current.offset, length: current.end - current.offset };
}

async function* merged(
  left: AsyncIterable<Area> | Iterable<Area>,
  right: AsyncIterable<Area> | Iterable<Area>,
): AsyncGenerator<Area> {
  const sides = [iterate(left), iterate(right)];
  const heads = await Promise.all(sides.map((side) => side.next()));
  for (;;) {
    const [first, second] = heads;
    if (!first || !second || (first.done && second.done)) return;
    const take = second.done || (!first.done && first.value.offset <= second.value.offset) ? 0 : 1;
    const head = heads[take];
    const side = sides[take];
    if (!head || head.done || !side) return;
    yield head.value;
    heads[take] = await side.next();
  }
}

async function* iterate(areas: AsyncIterable<Area> | Iterable<Area>): AsyncGenerator<Area> {
  yield* areas;
}

/** Pieces of at most `maxLength` bytes, each ending where `boundary` divides when it is cut. */
export function* pieces(area: Area, maxLength: number): Generator<Area> {
  const end = area.offset + area.length;
  for (let offset = area.offset; offset < end; ) {
    const next = Math.min(end, offset - (offset % maxLength) + maxLength);
    yield { offset, length: next - offset };
    offset = next;
  }
}
