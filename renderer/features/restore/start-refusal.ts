import type { RestorePlan } from '../../../core/contract/index.ts';

/** Why a plan cannot be started at this moment, or null when it can. */
export function startRefusal(
  plan: Pick<RestorePlan, 'notices' | 'expiresAt' | 'confirmation'>,
  typed: string,
  now: number,
): 'blocked' | 'expired' | 'not-confirmed' | null {
  if (plan.notices.some(({ level }) => level === 'blocking')) return 'blocked';
  if (Date.parse(plan.expiresAt) <= now) return 'expired';
  if (plan.confirmation !== null && typed.trim() !== plan.confirmation) return 'not-confirmed';
  return null;
}
