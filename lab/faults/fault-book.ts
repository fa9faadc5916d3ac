import type { FaultEffect, FaultMatcher, FaultSubject } from '../ports.ts';
import { compileRule, type FaultRule, type FaultRuleInput, faultRuleSchema } from './fault-rule.ts';

export interface FaultRecord {
  readonly id: string;
  readonly rule: FaultRule;
  /** Matching requests so far, harmed or not. */
  readonly seen: number;
  readonly harmed: number;
}

/** The faults that are switched on now. The first matching rule that still has something to do wins. */
export interface FaultBook extends FaultMatcher {
  /** Throws a ZodError for a rule that makes no sense. */
  add(rule: FaultRuleInput): FaultRecord;
  list(): readonly FaultRecord[];
  remove(id: string): boolean;
  clear(): void;
}

interface Entry {
  readonly id: string;
  readonly rule: FaultRule;
  readonly matches: (subject: FaultSubject) => boolean;
  seen: number;
  harmed: number;
}

function effectOf(rule: FaultRule): FaultEffect {
  const { delayMs, drop, respond, failOperation } = rule;
  return {
    delayMs,
    ...(drop === undefined ? {} : { drop }),
    ...(respond === undefined ? {} : { respond }),
    ...(failOperation === undefined ? {} : { failOperation }),
  };
}

/** True when this request is one the rule harms; counts it either way. */
function takes(entry: Entry, subject: FaultSubject): boolean {
  if (!entry.matches(subject)) return false;
  const { skip, times } = entry.rule;
  if (times !== undefined && entry.harmed >= times) return false;
  entry.seen += 1;
  if (entry.seen <= skip) return false;
  entry.harmed += 1;
  return true;
}

export function createFaultBook(): FaultBook {
  const entries = new Map<string, Entry>();
  let nextId = 1;
  const record = ({ id, rule, seen, harmed }: Entry): FaultRecord => ({ id, rule, seen, harmed });
  return {
    add(input) {
      const rule = faultRuleSchema.parse(input);
      const entry: Entry = { id: String(nextId), rule, matches: compileRule(rule), seen: 0, harmed: 0 };
      nextId += 1;
      entries.set(entry.id, entry);
      return record(entry);
    },
    list: () => [...entries.values()].map(record),
    remove: (id) => entries.delete(id),
    clear: () => entries.clear(),
    match(subject) {
      for (const entry of entries.values()) {
        if (takes(entry, subject)) return effectOf(entry.rule);
      }
      return undefined;
    },
  };
}
