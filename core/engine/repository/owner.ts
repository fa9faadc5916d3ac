import * as z from 'zod/mini';
import { AppError } from '../../contract/index.ts';
import type { BlobStore } from '../blob-store.ts';
import { damaged } from '../format/bytes.ts';
import { decodeCheckedText, encodeCheckedText } from '../format/checked-text.ts';
import { prefixes } from '../format/names.ts';
import type { OwnerRecord } from '../model.ts';
import { listObjects } from './list-objects.ts';

/**
 * Who may change a repository: a sequence of write-once records, the highest number counts. Taking ownership
 * is creating the next number, which exactly one of several contenders can.
 */
const ownerSchema = z.object({
  cairn: z.literal('owner'),
  version: z.literal(1),
  /** As in its name; records of earlier builds lack it. */
  number: z.optional(z.int()),
  owner: z.nullable(
    z.object({
      installationId: z.string().check(z.minLength(1), z.maxLength(200)),
      displayName: z.string().check(z.maxLength(200)),
      since: z.string().check(z.maxLength(40)),
    }),
  ),
});

export interface Standing {
  readonly number: number;
  readonly owner: OwnerRecord | undefined;
}

export async function readOwner(store: BlobStore, signal?: AbortSignal): Promise<OwnerRecord | undefined> {
  return (await readStanding(store, signal)).owner;
}

export interface ClaimOptions {
  readonly owner: OwnerRecord;
  /** Take it from another installation. */
  readonly takeOver?: boolean;
  readonly signal?: AbortSignal;
}

/** Makes this installation the owner. `repository-owned` when another one is and `takeOver` is not set. */
export async function claimOwnership(store: BlobStore, options: ClaimOptions): Promise<void> {
  const standing = await readStanding(store, options.signal);
  const current = standing.owner;
  if (current?.installationId === options.owner.installationId) return;
  if (current !== undefined && options.takeOver !== true) throw ownedBy(current);
  await writeNext(store, { standing, owner: options.owner, signal: options.signal });
}

/** Leaves the repository without an owner, if this installation is it. */
export async function releaseOwnership(
  store: BlobStore,
  installationId: string,
  signal?: AbortSignal,
): Promise<void> {
  const standing = await readStanding(store, signal);
  if (standing.owner?.installationId === installationId) await writeNext(store, { standing, signal });
}

/** `repository-owned` unless this installation owns the repository at this moment. */
export async function requireOwnership(
  store: BlobStore,
  installationId: string,
  signal?: AbortSignal,
): Promise<void> {
  const owner = await readOwner(store, signal);
  if (owner?.installationId !== installationId) throw ownedBy(owner);
}

async function readStanding(store: BlobStore, signal?: AbortSignal): Promise<Standing> {
  let last: string | undefined;
  for await (const { name } of listObjects(store, 'owner', signal)) last = name;
  if (last === undefined) return { number: 0, owner: undefined };
  const { json } = decodeCheckedText(await store.get(last, undefined, signal), last);
  return decodeOwner(last, json);
}

/** `damaged` unless the record is well-formed and stands under its own name. */
export function decodeOwner(name: string, json: unknown): Standing {
  const parsed = ownerSchema.safeParse(json);
  const number = Number(name.slice(prefixes.owner.length));
  if (!parsed.success) throw damaged(name, 'its fields are malformed');
  if ((parsed.data.number ?? number) !== number) throw damaged(name, 'it is a record of another number');
  return { number, owner: parsed.data.owner ?? undefined };
}

async function writeNext(
  store: BlobStore,
  next: { standing: Standing; owner?: OwnerRecord; signal?: AbortSignal },
): Promise<void> {
  const number = next.standing.number + 1;
  const name = prefixes.owner + String(number).padStart(8, '0');
  const record = { cairn: 'owner', version: 1, number, owner: next.owner ?? null };
  try {
    await store.put(name, encodeCheckedText(record), next.signal);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'already-exists') throw overtaken(thrown);
    throw thrown;
  }
}

function overtaken(cause: unknown): AppError {
  return new AppError('conflict', {
    message: 'Another installation changed the owner of the repository at the same moment.',
    hint: 'Look at the owner again, then decide.',
    retryable: true,
    cause,
  });
}

function ownedBy(owner: OwnerRecord | undefined): AppError {
  return new AppError('repository-owned', {
    message:
      owner === undefined
        ? 'This installation does not own the repository.'
        : `The repository belongs to the installation "${owner.displayName}" since ${owner.since}.`,
    hint: 'Use it read-only, or take it over if that installation is gone for good.',
    details: owner === undefined ? {} : { ...owner },
  });
}
