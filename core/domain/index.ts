/** Pure rules: no I/O, time is an argument. */
export * from './base-snapshot.ts';
export * from './identifier.ts';
export * from './protection.ts';
export * from './retry.ts';
export * from './session-state.ts';
export * from './speed.ts';
