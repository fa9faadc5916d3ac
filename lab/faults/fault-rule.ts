import { z } from 'zod';
import type { FaultSubject } from '../ports.ts';

/** A bad day, as the admin endpoint takes it. */
export const faultRuleSchema = z.strictObject({
  service: z.enum(['arm', 'sts', 'blob', 'queue', 'disk', 'imds', 'keyvault']).optional(),
  method: z.string().min(1).max(10).optional(),
  /** Path with `*` for any characters within and across segments; letter case does not matter. Default: every path. */
  path: z.string().min(1).max(1000).default('*'),
  /** Query parameters that must have these values. */
  query: z.record(z.string(), z.string()).default({}),
  /** How many matching requests go unharmed first. */
  skip: z.int().min(0).default(0),
  /** How many are harmed after that; without it every one until the rule is removed. */
  times: z.int().min(1).optional(),
  delayMs: z.int().min(0).max(600_000).default(0),
  drop: z.enum(['before', 'after']).optional(),
  respond: z
    .strictObject({
      status: z.int().min(400).max(599),
      code: z.string().min(1).max(200),
      message: z.string().max(2000).default('Injected by the lab.'),
      headers: z.record(z.string(), z.string()).default({}),
    })
    .optional(),
  failOperation: z
    .strictObject({
      code: z.string().min(1).max(200),
      message: z.string().max(2000).default('Injected by the lab.'),
    })
    .optional(),
});

export type FaultRule = z.infer<typeof faultRuleSchema>;
export type FaultRuleInput = z.input<typeof faultRuleSchema>;

function pathPattern(path: string): RegExp {
  const escaped = path.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'i');
}

/** Turns a rule into a test of one request. */
export function compileRule(rule: FaultRule): (subject: FaultSubject) => boolean {
  const path = pathPattern(rule.path);
  const query = Object.entries(rule.query);
  return (subject) =>
    (rule.service === undefined || rule.service === subject.service) &&
    (rule.method === undefined || rule.method.toUpperCase() === subject.method.toUpperCase()) &&
    path.test(subject.path) &&
    query.every(([name, value]) => subject.query.get(name) === value);
}
