import { createHash, timingSafeEqual } from 'node:crypto';
import type { FilePlace } from '../../contract/index.ts';

/** A link that works: who holds its secret may read below `scope` until `endsAt`. */
export interface ShareGrant {
  readonly id: string;
  /** SHA-256 of the link's secret, lower-case hex. */
  readonly tokenHash: string;
  /** On the clock of the book. */
  readonly endsAt: number;
  readonly scope: FilePlace | null;
}

/** Who may come in: the holder of the session's token, and those of links. Secrets are compared in constant time. */
export interface AccessBook {
  isOwner(token: string): boolean;
  /** The link of this secret; undefined when there is none, or none any more. */
  shareOf(token: string): ShareGrant | undefined;
  /** Whether a link that let somebody in still does. */
  holds(shareId: string): boolean;
  addShare(share: {
    readonly id: string;
    readonly tokenHash: string;
    readonly durationMs: number;
    readonly scope: FilePlace | null;
  }): void;
  /** Also ends a link whose message comes later. */
  endShare(shareId: string): void;
  /** Ends all links that there are now. */
  endShares(): void;
  /** Aborted when the link ends, by revocation or in time. */
  endOf(shareId: string): AbortSignal;
}

const mostShares = 100;

export function openAccessBook(options: {
  readonly ownerToken: () => string | undefined;
  /** Milliseconds that never jump. */
  readonly clock: () => number;
}): AccessBook {
  const { clock } = options;
  const shares = new Map<string, ShareGrant & { readonly end: AbortController; timer: NodeJS.Timeout }>();
  const ended = new Set<string>();
  const valid = (share: ShareGrant): boolean => !ended.has(share.id) && clock() < share.endsAt;
  const end = (id: string): void => {
    ended.add(id);
    const share = shares.get(id);
    if (share) clearTimeout(share.timer);
    shares.delete(id);
    share?.end.abort();
  };

  return {
    isOwner(token) {
      const owner = options.ownerToken();
      return owner !== undefined && sameHash(hashOf(token), hashOf(owner));
    },
    shareOf(token) {
      const hash = hashOf(token);
      let found: ShareGrant | undefined;
      for (const share of shares.values())
        if (sameHash(hash, Buffer.from(share.tokenHash, 'hex'))) found = share;
      return found && valid(found) ? found : undefined;
    },
    holds(shareId) {
      const share = shares.get(shareId);
      return share !== undefined && valid(share);
    },
    addShare({ id, tokenHash, durationMs, scope }) {
      if (ended.has(id) || shares.has(id) || shares.size >= mostShares) return;
      const timer = setTimeout(() => end(id), durationMs);
      timer.unref();
      shares.set(id, {
        id,
        tokenHash,
        scope,
        endsAt: clock() + durationMs,
        end: new AbortController(),
        timer,
      });
    },
    endShare: end,
    endShares: () => [...shares.keys()].forEach(end),
    endOf: (shareId) => shares.get(shareId)?.end.signal ?? AbortSignal.abort(),
  };
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Both are hashes of 32 bytes; anything else is no match. */
function sameHash(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
