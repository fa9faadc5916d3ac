/** Pure rules: no I/O, time is an argument. */
export * from './session-state.ts';
export * from './speed.ts';
