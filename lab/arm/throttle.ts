import { ArmError } from './arm-error.ts';

/** A token bucket: `burst` at most, refilled at `perSecond`. */
export interface BucketRule {
  readonly burst: number;
  readonly perSecond: number;
}

/** Resource Manager's limits per subscription, region and principal (Azure docs, "request limits and throttling"). */
export const subscriptionLimits: Readonly<Record<'reads' | 'writes' | 'deletes', BucketRule>> = {
  reads: { burst: 250, perSecond: 25 },
  writes: { burst: 200, perSecond: 10 },
  deletes: { burst: 200, perSecond: 10 },
};

/** All principals of a subscription together have fifteen times as much. */
const everyoneFactor = 15;

/** Compute's own limits per minute (Azure docs, "compute throttling limits"). */
const computeLimits = {
  list: { burst: 900, perSecond: 300 / 60 },
  vmWrite: { burst: 12, perSecond: 4 / 60 },
  vmGet: { burst: 36, perSecond: 12 / 60 },
} satisfies Record<string, BucketRule>;

export interface ThrottleSubject {
  readonly subscriptionId: string;
  readonly principalId: string;
  readonly method: string;
  /** Lower-case path; tells lists and single VMs apart. */
  readonly path: string;
}

export interface Throttle {
  /** Headers for the answer; throws 429 `SubscriptionRequestsThrottled` or `TooManyRequests`. */
  take(subject: ThrottleSubject): Readonly<Record<string, string>>;
}

interface Bucket {
  tokens: number;
  at: number;
  /** A refused client that asks again before this time has to wait anew. */
  blockedUntil: number;
}

export function createThrottle(now: () => number): Throttle {
  const buckets = new Map<string, Bucket>();

  /** Tokens left, or the seconds to wait. */
  const draw = (key: string, rule: BucketRule): { left: number } | { waitSeconds: number } => {
    const at = now();
    const bucket = buckets.get(key) ?? { tokens: rule.burst, at, blockedUntil: 0 };
    buckets.set(key, bucket);
    bucket.tokens = Math.min(rule.burst, bucket.tokens + ((at - bucket.at) / 1000) * rule.perSecond);
    bucket.at = at;
    if (bucket.tokens >= 1 && at >= bucket.blockedUntil) {
      bucket.tokens -= 1;
      return { left: Math.floor(bucket.tokens) };
    }
    const waitSeconds = Math.max(1, Math.ceil((1 - bucket.tokens) / rule.perSecond));
    bucket.blockedUntil = at + waitSeconds * 1000;
    return { waitSeconds };
  };

  return {
    take(subject) {
      const kind = subject.method === 'DELETE' ? 'deletes' : subject.method === 'GET' ? 'reads' : 'writes';
      const rule = subscriptionLimits[kind];
      const whole = { burst: rule.burst * everyoneFactor, perSecond: rule.perSecond * everyoneFactor };
      const own = draw(`${kind} ${subject.subscriptionId} ${subject.principalId}`, rule);
      const all = draw(`${kind} ${subject.subscriptionId}`, whole);
      if ('waitSeconds' in own) throw tooMany('SubscriptionRequestsThrottled', subject, own.waitSeconds);
      if ('waitSeconds' in all) throw tooMany('SubscriptionRequestsThrottled', subject, all.waitSeconds);
      const compute = computeBucket(subject);
      const inner = compute && draw(`${compute.key} ${subject.subscriptionId}`, compute.rule);
      if (inner && 'waitSeconds' in inner) throw tooMany('TooManyRequests', subject, inner.waitSeconds);
      return {
        [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(own.left),
        [`x-ms-ratelimit-remaining-subscription-global-${kind}`]: String(all.left),
      };
    },
  };
}

function computeBucket({ method, path }: ThrottleSubject): { key: string; rule: BucketRule } | undefined {
  if (!path.includes('/providers/microsoft.compute/')) return undefined;
  if (/\/(virtualmachines|disks|snapshots|skus)$/.test(path))
    return { key: 'list', rule: computeLimits.list };
  const vm = /\/virtualmachines\/([^/]+)/.exec(path);
  if (!vm) return undefined;
  return method === 'GET'
    ? { key: `get ${vm.input}`, rule: computeLimits.vmGet }
    : { key: `write ${vm.input.slice(0, vm.index)}${vm[1]}`, rule: computeLimits.vmWrite };
}

function tooMany(code: string, subject: ThrottleSubject, seconds: number): ArmError {
  const message = `Number of requests for subscription '${subject.subscriptionId}' and principal '${subject.principalId}' exceeded the limit. Please try again after '${seconds}' seconds.`;
  return new ArmError(429, code, message, { headers: { 'retry-after': String(seconds) } });
}
