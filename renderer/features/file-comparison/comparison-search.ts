import { z } from 'zod';

/** What the two sides are called, kept in the page's address. */
export const comparisonSearchSchema = z.object({
  left: z.string().optional().catch(undefined),
  right: z.string().optional().catch(undefined),
});
