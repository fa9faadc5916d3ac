import { z } from 'zod';
import {
  bytesSchema,
  emptySchema,
  idSchema,
  nameSchema,
  regionSchema,
  resourceIdSchema,
  startedSchema,
  subscriptionIdSchema,
  timeSchema,
} from './scalars.ts';

/** Repositories: folders in blob containers where backups are kept. */

export const repositorySchema = z.object({
  id: idSchema,
  name: z.string(),
  accountId: idSchema,
  storageAccountId: resourceIdSchema,
  storageAccountName: z.string(),
  region: regionSchema,
  container: z.string(),
  /** Empty for the container's root. */
  folder: z.string(),
  encrypted: z.boolean(),
  state: z.enum(['ready', 'read-only', 'unreachable']),
  points: z.int(),
  resources: z.int(),
  storedBytes: bytesSchema,
  addedAt: timeSchema,
  lastPointAt: timeSchema.nullable(),
});
export type Repository = z.infer<typeof repositorySchema>;

export const storageAccountSchema = z.object({
  resourceId: resourceIdSchema,
  name: z.string(),
  subscriptionId: subscriptionIdSchema,
  accountId: idSchema,
  resourceGroup: z.string(),
  region: regionSchema,
  kind: z.string(),
  sku: z.string(),
  /** Null when it can hold a repository, else why not. */
  refusal: z.string().nullable(),
});
export type StorageAccount = z.infer<typeof storageAccountSchema>;

/** Blob container naming rule: Microsoft, "Naming and referencing containers, blobs, and metadata". */
export const containerNameSchema = z
  .string()
  .regex(
    /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    'must be 3 to 63 lower-case letters, digits and single hyphens',
  );
export const folderSchema = z
  .string()
  .max(200)
  .regex(
    /^$|^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/,
    'must be names joined by /, without leading or trailing /',
  );
export const passwordSchema = z.string().min(12, 'must be at least 12 characters').max(256);

const placeSchema = z.object({
  /** The account to reach it with; left out: the first one added that sees its subscription. */
  accountId: idSchema.optional(),
  storageAccountId: resourceIdSchema,
  container: containerNameSchema,
  folder: folderSchema,
});

export const folderInspectionSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('no-container') }),
  z.object({ state: z.literal('empty') }),
  z.object({ state: z.literal('other-data'), sample: z.array(z.string()) }),
  z.object({
    state: z.literal('repository'),
    repositoryId: z.string(),
    encrypted: z.boolean(),
    /** True when this installation is the owner on record. */
    ours: z.boolean(),
    owner: z.object({ installationId: z.string(), name: z.string(), since: timeSchema }).nullable(),
  }),
]);
export type FolderInspection = z.infer<typeof folderInspectionSchema>;

export const repositoryProcedures = {
  'repository.list': { input: emptySchema, output: z.array(repositorySchema) },
  'repository.get': { input: z.object({ repositoryId: idSchema }), output: repositorySchema },
  'repository.storageAccounts': { input: emptySchema, output: z.array(storageAccountSchema) },
  'repository.containers': {
    input: placeSchema.pick({ accountId: true, storageAccountId: true }),
    output: z.array(z.object({ name: z.string() })),
  },
  'repository.inspectFolder': { input: placeSchema, output: folderInspectionSchema },
  /**
   * Creates a repository, or opens the one that is there. `attach` opens another installation's
   * repository read-only; `take-over` makes this installation its owner.
   */
  'repository.add': {
    input: placeSchema.extend({
      name: nameSchema,
      mode: z.enum(['create', 'attach', 'take-over']),
      createContainer: z.boolean(),
      encryption: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('password'), password: passwordSchema }),
        z.object({ kind: z.literal('none') }),
      ]),
    }),
    output: startedSchema,
  },
  /** Forgets the repository here. Its blobs stay where they are. */
  'repository.remove': { input: z.object({ repositoryId: idSchema }), output: emptySchema },
} as const;
