/**
 * Bad days on demand: rules per route that throttle, refuse, delay, cut connections or let a long-running operation
 * fail at its end. Every server of the lab asks the same book ({@link FaultMatcher} in `../ports.ts`).
 */
export { createFaultBook, type FaultBook, type FaultRecord } from './fault-book.ts';
export { type FaultRule, type FaultRuleInput, faultRuleSchema } from './fault-rule.ts';
export { faultResponse, withFaults } from './faulty-service.ts';
