import { z } from 'zod';

/** Small shapes shared by the contract's files: identifiers, times, byte counts. */

/** Opaque identifier made by core. */
export const idSchema = z.string().min(1).max(128);
/** Azure resource id, `/subscriptions/.../providers/...`. Compared without case. */
export const resourceIdSchema = z
  .string()
  .regex(/^\/subscriptions\/[^/]+(\/.*)?$/i, 'must be an Azure resource id')
  .max(2048);
export const subscriptionIdSchema = z.uuid();
/** Azure region's programmatic name, e.g. `westeurope`. */
export const regionSchema = z.string().regex(/^[a-z0-9]{3,40}$/, 'must be a region name such as westeurope');
/** ISO 8601 UTC time. */
export const timeSchema = z.iso.datetime();
/** A count of bytes; a safe integer (up to 8 PiB), which covers 64 disks of 32 TiB. */
export const bytesSchema = z.int().min(0);
/** A name shown to people: one line, trimmed, not empty. */
export const nameSchema = z.string().trim().min(1).max(120);
/** Azure tags. */
export const tagsSchema = z.record(z.string(), z.string());
export const emptySchema = z.object({});
/** What a procedure answers whose work goes on in a session. */
export const startedSchema = z.object({ sessionId: idSchema });
export type Started = z.infer<typeof startedSchema>;
