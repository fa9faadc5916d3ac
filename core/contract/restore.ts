import { z } from 'zod';
import {
  bytesSchema,
  idSchema,
  regionSchema,
  resourceIdSchema,
  startedSchema,
  subscriptionIdSchema,
  timeSchema,
} from './scalars.ts';

/** Restore: the wizard's choices, the plan core computes from them, and its start. */

/** Resource naming rules: Microsoft, "Naming rules and restrictions for Azure resources". */
export const diskNameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$/,
    'must be 1 to 80 letters, digits, _ . -, starting with a letter or digit',
  );
export const vmNameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?$/,
    'must be 1 to 64 letters, digits, _ . -, starting with a letter or digit',
  );
export const resourceGroupNameSchema = z
  .string()
  .regex(
    /^[\p{L}\p{N}_()-][\p{L}\p{N}._()-]{0,88}[\p{L}\p{N}_()-]$|^[\p{L}\p{N}_()-]$/u,
    'must be a resource group name',
  );

export const diskTargetSchema = z.object({ index: z.int().min(0).max(63), name: diskNameSchema });

const placeFields = {
  accountId: idSchema,
  subscriptionId: subscriptionIdSchema,
  resourceGroup: resourceGroupNameSchema,
  region: regionSchema,
  zone: z.enum(['1', '2', '3']).nullable(),
};

export const restoreTargetSchema = z.discriminatedUnion('kind', [
  /** New stand-alone disks, attached to nothing. */
  z.object({
    kind: z.literal('disks'),
    ...placeFields,
    disks: z.array(diskTargetSchema).min(1).max(64),
    /** Null keeps each disk's own SKU. */
    sku: z.string().max(40).nullable(),
  }),
  /** A new virtual machine beside the old one. */
  z.object({
    kind: z.literal('new-vm'),
    ...placeFields,
    name: vmNameSchema,
    size: z.string().min(1).max(80),
    subnetId: resourceIdSchema,
    securityGroupId: resourceIdSchema.nullable(),
    publicIp: z.boolean(),
    start: z.boolean(),
  }),
  /** The point's own machine: its disks are replaced; re-created when it is gone. */
  z.object({ kind: z.literal('original-vm'), start: z.boolean() }),
]);
export type RestoreTarget = z.infer<typeof restoreTargetSchema>;

export const planItemSchema = z.object({
  action: z.enum(['create', 'replace', 'stop', 'start', 'keep']),
  /** Azure resource type in words: `Managed disk`, `Virtual machine`, ... */
  type: z.string(),
  name: z.string(),
  detail: z.string(),
});
export const planNoticeSchema = z.object({
  level: z.enum(['info', 'warning', 'blocking']),
  text: z.string(),
  hint: z.string(),
});

export const restorePlanSchema = z.object({
  id: idSchema,
  pointId: idSchema,
  target: restoreTargetSchema,
  verify: z.boolean(),
  items: z.array(planItemSchema),
  /** A plan with a `blocking` notice cannot be started. */
  notices: z.array(planNoticeSchema),
  /** Bytes of the disks to be made; what is written is less, as empty areas are skipped. */
  diskBytes: bytesSchema,
  workerRegion: regionSchema,
  workerSize: z.string(),
  /** The text the operator must type before it may start; null when nothing is replaced. */
  confirmation: z.string().nullable(),
  expiresAt: timeSchema,
});
export type RestorePlan = z.infer<typeof restorePlanSchema>;

export const restoreProcedures = {
  /** Resource groups and regions a restore can go to. */
  'restore.places': {
    input: z.object({ pointId: idSchema }),
    output: z.array(
      z.object({
        accountId: idSchema,
        subscriptionId: subscriptionIdSchema,
        subscriptionName: z.string(),
        resourceGroups: z.array(z.object({ name: z.string(), region: regionSchema })),
        regions: z.array(z.object({ name: regionSchema, displayName: z.string() })),
      }),
    ),
  },
  'restore.networks': {
    input: z.object({ accountId: idSchema, subscriptionId: subscriptionIdSchema, region: regionSchema }),
    output: z.object({
      subnets: z.array(
        z.object({ id: resourceIdSchema, name: z.string(), network: z.string(), prefix: z.string() }),
      ),
      securityGroups: z.array(z.object({ id: resourceIdSchema, name: z.string() })),
    }),
  },
  'restore.sizes': {
    input: z.object({ accountId: idSchema, subscriptionId: subscriptionIdSchema, region: regionSchema }),
    output: z.array(
      z.object({
        name: z.string(),
        cores: z.int(),
        memoryGib: z.number(),
        maxDataDisks: z.int(),
        /** Null when it can be had, else why not (restricted, no quota). */
        refusal: z.string().nullable(),
      }),
    ),
  },
  /** Computes what a restore would do. What this shows is what `restore.start` runs. */
  'restore.plan': {
    input: z.object({ pointId: idSchema, target: restoreTargetSchema, verify: z.boolean().default(true) }),
    output: restorePlanSchema,
  },
  'restore.start': {
    input: z.object({ planId: idSchema, confirmation: z.string().nullable().default(null) }),
    output: startedSchema,
  },
} as const;
