import { z } from 'zod';
import {
  AppError,
  archiveFormatSchema,
  type ErrorCode,
  type ErrorRecord,
  errorRecordSchema,
  fileListQuerySchema,
  filePlaceSchema,
  fileSearchQuerySchema,
  fileSelectionSchema,
  fileVolumeSchema,
  walkedFileSchema,
} from '../../contract/index.ts';

/** What the file service and its client say to each other over HTTPS. Described in docs/worker-protocol.md. */

export const apiPaths = {
  volumes: '/v1/volumes',
  list: '/v1/list',
  details: '/v1/details',
  search: '/v1/search',
  walk: '/v1/walk',
  archive: '/v1/archive',
  content: '/v1/content',
} as const;

export const apiBodies = {
  list: fileListQuerySchema,
  details: filePlaceSchema,
  search: fileSearchQuerySchema,
  walk: z.object({ selection: fileSelectionSchema }),
  archive: z.object({ selection: fileSelectionSchema, format: archiveFormatSchema }),
} as const;

export const volumesAnswerSchema = z.array(fileVolumeSchema);

/** A line of a walk's answer: a batch, and as the last one the end or the reason why it ended early. */
export const walkLineSchema = z.union([
  z.array(walkedFileSchema),
  z.object({ end: z.literal(true) }),
  z.object({ error: errorRecordSchema }),
]);
export type WalkLine = z.infer<typeof walkLineSchema>;

export const errorAnswerSchema = z.object({ error: errorRecordSchema });

/** Trailer of a stream that ended early: the error record as base64url of JSON. */
export const errorTrailer = 'cairn-error';

const statuses: Partial<Record<ErrorCode, number>> = {
  'invalid-input': 400,
  'not-signed-in': 401,
  'permission-denied': 403,
  'not-found': 404,
  conflict: 409,
  'not-supported': 422,
  throttled: 429,
  unreachable: 503,
  timeout: 504,
};

export function statusOf(code: ErrorCode): number {
  return statuses[code] ?? 500;
}

export function encodeError(record: ErrorRecord): string {
  return Buffer.from(JSON.stringify(record)).toString('base64url');
}

/** What another process said went wrong; `unreachable` when that cannot be read. */
export function decodeError(text: string): AppError {
  return errorOf(`{"error":${Buffer.from(text, 'base64url').toString()}}`);
}

export function errorOf(json: string): AppError {
  try {
    return AppError.fromRecord(errorAnswerSchema.parse(JSON.parse(json)).error);
  } catch (cause) {
    return new AppError('unreachable', {
      message: 'The worker gave an answer that cannot be understood.',
      retryable: true,
      cause,
    });
  }
}
