import { z } from 'zod';
import { type ErrorRecord, errorCodes } from './app-error.ts';

export const errorCodeSchema = z.enum(errorCodes);

/** `ErrorRecord`, checked where it enters a process. */
export const errorRecordSchema = z.object({
  code: errorCodeSchema,
  message: z.string(),
  hint: z.string(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.string()),
}) satisfies z.ZodType<ErrorRecord>;
