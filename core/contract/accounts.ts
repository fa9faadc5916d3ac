import { z } from 'zod';
import { errorRecordSchema } from './errors.ts';
import {
  emptySchema,
  idSchema,
  nameSchema,
  startedSchema,
  subscriptionIdSchema,
  timeSchema,
} from './scalars.ts';

/** Accounts: the identities core signs in to Azure with. Secrets go in, never out. */

export const accountKindSchema = z.enum(['service-principal', 'user']);
export type AccountKind = z.infer<typeof accountKindSchema>;

export const accountSchema = z.object({
  id: idSchema,
  name: z.string(),
  kind: accountKindSchema,
  tenantId: z.string(),
  /** Application (client) id of a service principal; user name of a user. */
  principal: z.string(),
  state: z.enum(['ready', 'sign-in-needed']),
  subscriptions: z.array(z.object({ id: subscriptionIdSchema, name: z.string() })),
  addedAt: timeSchema,
});
export type Account = z.infer<typeof accountSchema>;

const tenantSchema = z
  .string()
  .trim()
  .regex(/^[0-9a-zA-Z][0-9a-zA-Z.-]{2,100}$/, 'must be a tenant id or domain');

export const accountProcedures = {
  'account.list': { input: emptySchema, output: z.array(accountSchema) },
  /** Signs in once to prove the secret, then stores it in the host's secret store. Starts a sync. */
  'account.addServicePrincipal': {
    input: z.object({
      name: nameSchema,
      tenantId: tenantSchema,
      clientId: z.uuid('must be the application (client) id'),
      credential: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('secret'), secret: z.string().min(1).max(1000) }),
        /** PEM with the certificate and its private key. */
        z.object({ kind: z.literal('certificate'), pem: z.string().min(100).max(50_000) }),
      ]),
    }),
    output: z.object({ account: accountSchema, sessionId: idSchema }),
  },
  'account.startDeviceCode': {
    input: z.object({ name: nameSchema, tenantId: tenantSchema }),
    output: z.object({
      flowId: idSchema,
      userCode: z.string(),
      verificationUrl: z.url(),
      expiresAt: timeSchema,
    }),
  },
  'account.deviceCodeState': {
    input: z.object({ flowId: idSchema }),
    output: z.discriminatedUnion('state', [
      z.object({ state: z.literal('waiting') }),
      z.object({ state: z.literal('done'), account: accountSchema, sessionId: idSchema }),
      z.object({ state: z.literal('failed'), error: errorRecordSchema }),
    ]),
  },
  'account.cancelDeviceCode': { input: z.object({ flowId: idSchema }), output: emptySchema },
  'account.remove': { input: z.object({ accountId: idSchema }), output: emptySchema },
  /** Reads subscriptions and virtual machines again, for all accounts. */
  'account.sync': { input: emptySchema, output: startedSchema },
} as const;
