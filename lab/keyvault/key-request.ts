import { z } from 'zod';
import type { LabRequest } from '../front/index.ts';
import { keyOperations } from './key-version.ts';
import { badParameter, VaultError } from './vault-error.ts';

const seconds = z.int().min(0);
const attributes = z
  .strictObject({ enabled: z.boolean().optional(), nbf: seconds.optional(), exp: seconds.optional() })
  .refine(({ nbf, exp }) => nbf === undefined || exp === undefined || nbf < exp, {
    error: 'exp must be greater than nbf',
  });
const operations = z.array(z.enum(keyOperations)).max(10);
const tags = z.record(z.string().max(256), z.string().max(256));

/** Bodies as Key Vault's REST reference has them; fields that the lab does not know are refused. */
export const keyBodies = {
  create: z.strictObject({
    kty: z.literal('RSA', { error: 'the lab has RSA keys of a standard vault only' }),
    key_size: z.union([z.literal(2048), z.literal(3072), z.literal(4096)]).optional(),
    key_ops: operations.optional(),
    attributes: attributes.optional(),
    tags: tags.optional(),
  }),
  update: z.strictObject({
    key_ops: operations.optional(),
    attributes: attributes.optional(),
    tags: tags.optional(),
  }),
  operation: z.strictObject({ alg: z.string(), value: z.string().regex(/^[A-Za-z0-9_-]+$/) }),
};

/** The body, checked. `BadParameter` names the first field that is wrong. */
export function readBody<T>(request: LabRequest, schema: z.ZodType<T>): T {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new VaultError(415, 'UnsupportedMediaType', 'The content type must be application/json.');
  }
  let json: unknown;
  try {
    json = JSON.parse(request.body.toString('utf8'));
  } catch {
    throw badParameter('The request body is not valid JSON.');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badParameter(`Property '${issue?.path.join('.') ?? ''}' is invalid: ${issue?.message ?? ''}.`);
}
