import type { z } from 'zod';
import { AppError } from '../contract/index.ts';

/**
 * Reads a JSON column and checks its shape. A row that does not fit is never handed on half-understood:
 * throws `damaged`, naming the kind of row and the field.
 */
export function readDocument<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(parseJson(value, what));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw damagedRow(what, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

/** As {@link readDocument}, null for SQL NULL. */
export function readOptional<T>(schema: z.ZodType<T>, value: unknown, what: string): T | null {
  return value === null || value === undefined ? null : readDocument(schema, value, what);
}

function parseJson(value: unknown, what: string): unknown {
  if (typeof value !== 'string') throw damagedRow(what, 'no text');
  try {
    return JSON.parse(value);
  } catch {
    throw damagedRow(what, 'not JSON');
  }
}

function damagedRow(what: string, reason: string): AppError {
  return new AppError('damaged', {
    message: `A record of the database (${what}) cannot be read.`,
    hint: 'Start the version of Cairn that wrote it, or restore the data folder from a copy.',
    details: { record: what, reason },
  });
}

/** Azure compares resource ids without case; this is the form they are stored and looked up by. */
export function resourceKey(resourceId: string): string {
  return resourceId.toLowerCase();
}
