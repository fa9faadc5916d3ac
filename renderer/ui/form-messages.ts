import type { FieldErrors, FieldPath, FieldValues, UseFormSetError } from 'react-hook-form';
import type { z } from 'zod';
import type { AppError } from '../../core/contract/index.ts';

/** Words for zod's general findings; a schema's own message stays as it is. */
export const formMessages: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined || issue.input === '') return 'Fill this in.';
  if (issue.code === 'too_small' && issue.origin === 'string') return `At least ${issue.minimum} characters.`;
  if (issue.code === 'too_big' && issue.origin === 'string') return `At most ${issue.maximum} characters.`;
  return undefined;
};

/** A field's finding as a sentence, or undefined when there is none. */
export function fieldMessage<Values extends FieldValues>(
  errors: FieldErrors<Values>,
  path: FieldPath<Values>,
): string | undefined {
  let found: unknown = errors;
  for (const key of path.split('.')) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined;
  }
  const message: unknown =
    typeof found === 'object' && found !== null ? Reflect.get(found, 'message') : undefined;
  return typeof message === 'string' && message !== '' ? asSentence(message) : undefined;
}

/** `must be short` becomes `Must be short.` */
export function asSentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Puts core's refusal of one field at that field. Returns false when the error is about no field of the form. */
export function showAtField<Values extends FieldValues>(
  error: AppError,
  fields: readonly FieldPath<Values>[],
  setError: UseFormSetError<Values>,
): boolean {
  const field = fields.find((one) => one === error.details['field']);
  if (error.code !== 'invalid-input' || field === undefined) return false;
  setError(field, { message: error.message }, { shouldFocus: true });
  return true;
}
