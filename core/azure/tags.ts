/** What a resource made by Cairn is, in the value of its `cairn-kind` tag. */
export const ownKinds = [
  'snapshot',
  'restored-disk',
  'restored-vm',
  'restored-nic',
  'restored-ip',
  'worker-vm',
  'worker-nic',
  'worker-disk',
  'worker-ip',
  'worker-nsg',
  'worker-storage',
  'worker-network',
  'worker-group',
] as const;
export type OwnKind = (typeof ownKinds)[number];

/** Kinds that outlive every session: one per region or subscription, used again by the next worker. */
export const lastingKinds: readonly OwnKind[] = ['worker-storage', 'worker-network', 'worker-group'];

export const installationTag = 'cairn-installation';
export const sessionTag = 'cairn-session';
export const kindTag = 'cairn-kind';

export interface Ownership {
  readonly installationId: string;
  /** Null for what outlives sessions. */
  readonly sessionId: string | null;
  readonly kind: OwnKind;
}

/** Tags that every resource made by Cairn carries, so that a sweeper finds it even without our database. */
export function ownershipTags(ownership: Ownership): Record<string, string> {
  return {
    [installationTag]: ownership.installationId,
    ...(ownership.sessionId === null ? {} : { [sessionTag]: ownership.sessionId }),
    [kindTag]: ownership.kind,
  };
}

/** The ownership written in a resource's tags; null when it is not ours (or not from any Cairn). */
export function readOwnership(tags: Readonly<Record<string, string>> | undefined): Ownership | null {
  const installationId = tags?.[installationTag];
  const kind = ownKinds.find((known) => known === tags?.[kindTag]);
  if (installationId === undefined || kind === undefined) return null;
  return { installationId, sessionId: tags?.[sessionTag] ?? null, kind };
}
