import { createHash } from 'node:crypto';
import type { FileShare } from '../../contract/index.ts';
import { newUuid } from '../../domain/index.ts';
import type { CoreHost } from '../../host.ts';
import type { ServiceCommand } from '../workers/index.ts';
import type { ShareRequest } from './road.ts';

/** The links of one worker, as long as this core and that worker live. */
export interface ShareLinks {
  /** Those that work now, without their secret. */
  list(): readonly FileShare[];
  /** A new link, and what the worker must be told: it learns the secret's hash only. */
  add(request: ShareRequest): { readonly share: FileShare; readonly command: ServiceCommand };
  remove(shareId: string): ServiceCommand;
}

export function shareLinks(
  host: Pick<CoreHost, 'clock' | 'random'>,
  worker: { readonly address: string; readonly port: number; readonly fingerprint: string },
): ShareLinks {
  const { address, port, fingerprint } = worker;
  const links = new Map<string, FileShare>();
  return {
    list: () => [...links.values()].filter(({ expiresAt }) => Date.parse(expiresAt) > host.clock.now()),
    add({ minutes, scope }) {
      const secret = Buffer.from(host.random(32)).toString('base64url');
      const durationMs = minutes * 60_000;
      const id = newUuid(host.random);
      const expiresAt = new Date(host.clock.now() + durationMs).toISOString();
      const kept: FileShare = { id, address: null, fingerprint, expiresAt, scope };
      links.set(id, kept);
      const tokenHash = createHash('sha256').update(secret).digest('hex');
      return {
        // In the fragment, which a browser never sends: no log on the way holds it.
        share: { ...kept, address: `https://${address}:${port}/share#${secret}` },
        command: { type: 'share', share: { id, tokenHash, durationMs, scope } },
      };
    },
    remove(shareId) {
      links.delete(shareId);
      return { type: 'unshare', share: shareId };
    },
  };
}
