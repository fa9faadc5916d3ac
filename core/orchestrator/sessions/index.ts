/** Sessions: durable programs of idempotent steps that survive a crash of core. */
export type { LiveSession } from './live-session.ts';
export type { StartRequest } from './new-session.ts';
export { type PacedEvent, pacedEvent } from './paced-events.ts';
export { type AnyProgram, defineProgram } from './program.ts';
export { createSessionRunner, type SessionRunner } from './runner.ts';
