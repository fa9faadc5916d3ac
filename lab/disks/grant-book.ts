import { createHmac, timingSafeEqual } from 'node:crypto';
import type { GrantRecord } from './volume-catalog.ts';

export interface GrantBookDeps {
  readonly now: () => number;
  readonly newId: () => string;
  /** Signs every SAS of this lab. */
  readonly signingKey: Buffer;
}

/**
 * Who may read or write which disk by SAS, and until when. As in Azure the URL only names its access (`si`): ending the
 * access makes every URL of it worthless at once.
 */
export class GrantBook {
  readonly #deps: GrantBookDeps;
  readonly #byDisk = new Map<string, GrantRecord>();
  readonly #byAccessId = new Map<string, GrantRecord>();

  constructor(deps: GrantBookDeps, known: readonly GrantRecord[]) {
    this.#deps = deps;
    for (const grant of known) this.#keep(grant);
  }

  /** The access of this disk that has not ended. */
  active(uniqueId: string): GrantRecord | undefined {
    const grant = this.#byDisk.get(uniqueId);
    return grant !== undefined && grant.expiresAt > this.#deps.now() ? grant : undefined;
  }

  /** Gives access, or prolongs the one of the same kind that is active. */
  grant(uniqueId: string, access: 'Read' | 'Write', durationMs: number): GrantRecord {
    const expiresAt = this.#deps.now() + durationMs;
    const before = this.active(uniqueId);
    if (before?.access === access) {
      return this.#keep({ ...before, expiresAt: Math.max(before.expiresAt, expiresAt) });
    }
    this.revoke(uniqueId);
    const account = `md-${access === 'Write' ? 'impexp-' : ''}${this.#random(12)}`;
    const path = `/${account}/${this.#random(12)}/abcd`;
    return this.#keep({ uniqueId, access, expiresAt, accessId: this.#deps.newId(), path });
  }

  revoke(uniqueId: string): void {
    const grant = this.#byDisk.get(uniqueId);
    if (grant === undefined) return;
    this.#byDisk.delete(uniqueId);
    this.#byAccessId.delete(grant.accessId);
  }

  /** Query string of the grant's SAS. */
  query(grant: GrantRecord): string {
    const signature = this.#sign(grant.path, grant.accessId).toString('base64');
    return new URLSearchParams({
      sv: '2018-03-28',
      sr: 'b',
      si: grant.accessId,
      sig: signature,
    }).toString();
  }

  /** The grant that a request carries; undefined when it is forged, ended, expired or for another blob. */
  check(path: string, query: URLSearchParams): GrantRecord | undefined {
    const accessId = query.get('si') ?? '';
    const given = Buffer.from(query.get('sig') ?? '', 'base64');
    const right = this.#sign(path, accessId);
    if (given.byteLength !== right.byteLength || !timingSafeEqual(given, right)) return undefined;
    const grant = this.#byAccessId.get(accessId);
    return grant !== undefined && grant.expiresAt > this.#deps.now() ? grant : undefined;
  }

  records(): readonly GrantRecord[] {
    return [...this.#byDisk.values()];
  }

  #keep(grant: GrantRecord): GrantRecord {
    this.#byDisk.set(grant.uniqueId, grant);
    this.#byAccessId.set(grant.accessId, grant);
    return grant;
  }

  #random(length: number): string {
    return this.#deps.newId().replaceAll('-', '').slice(0, length);
  }

  #sign(path: string, accessId: string): Buffer {
    return createHmac('sha256', this.#deps.signingKey).update(`${path}\n${accessId}`).digest();
  }
}
