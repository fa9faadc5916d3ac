import { z } from 'zod';
import type { TakenItem } from '../../../core/contract/index.ts';

/** The filter of the record, kept in the page's address. */
export const takenFilterSchema = z.object({
  text: z.string().optional().catch(undefined),
  way: z.enum(['saved', 'streamed', 'restored', 'shared']).optional().catch(undefined),
});
export type TakenFilter = z.infer<typeof takenFilterSchema>;

export function matchesTaken(item: TakenItem, { text, way }: TakenFilter): boolean {
  if (way !== undefined && item.way !== way) return false;
  const wanted = text?.trim().toLowerCase() ?? '';
  const { path, by, resourceName, target, sha256 } = item;
  return (
    wanted === '' ||
    [path, by, resourceName, target, sha256 ?? ''].some((one) => one.toLowerCase().includes(wanted))
  );
}
