import { damaged } from '../../disk/index.ts';

/** Repeats what stands `distance` bytes back, which may overlap with what is written; gives the new end. */
export function copyMatch(
  out: Uint8Array,
  at: number,
  { distance, length }: { distance: number; length: number },
): number {
  const end = at + length;
  if (distance < 1 || distance > at || end > out.length)
    throw damaged('compressed data', 'it repeats what is not there');
  for (let place = at; place < end; place++) out[place] = out[place - distance] ?? 0;
  return end;
}
