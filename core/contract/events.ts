import { z } from 'zod';
import { idSchema } from './scalars.ts';
import { progressSchema, sessionStateSchema, stepSchema } from './sessions.ts';

export const topicSchema = z.enum([
  'account',
  'vm',
  'repository',
  'point',
  'session',
  'session-log',
  'file-recovery',
  'download',
]);
export type Topic = z.infer<typeof topicSchema>;

/** Two kinds of events: "ask again", and progress (at most four a second per session). */
export const coreEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('changed'), topic: topicSchema, id: z.string().nullable() }),
  z.object({
    type: z.literal('session.progress'),
    sessionId: idSchema,
    state: sessionStateSchema,
    steps: z.array(stepSchema),
    progress: progressSchema.nullable(),
  }),
]);
export type CoreEvent = z.infer<typeof coreEventSchema>;
