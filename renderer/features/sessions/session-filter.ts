import { z } from 'zod';
import { type Session, sessionKindSchema } from '../../../core/contract/index.ts';
import { isActive } from './session-words.ts';

/** The filter of the sessions page, kept in its address; anything odd in the address is left out. */
export const sessionFilterSchema = z.object({
  kind: sessionKindSchema.optional().catch(undefined),
  state: z.enum(['active', 'succeeded', 'failed', 'cancelled']).optional().catch(undefined),
  text: z.string().optional().catch(undefined),
});
export type SessionFilter = z.infer<typeof sessionFilterSchema>;

export function matchesFilter(session: Session, filter: SessionFilter): boolean {
  if (filter.kind !== undefined && session.kind !== filter.kind) return false;
  if (filter.state === 'active' && !isActive(session)) return false;
  if (filter.state !== undefined && filter.state !== 'active' && session.state !== filter.state) return false;
  const text = filter.text?.trim().toLowerCase() ?? '';
  return text === '' || `${session.title} ${session.resourceName ?? ''}`.toLowerCase().includes(text);
}
