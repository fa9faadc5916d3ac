/** Every shape that crosses a process border. Imports zod and nothing else. */
export * from './accounts.ts';
export * from './app-error.ts';
export * from './backup.ts';
export * from './downloads.ts';
export * from './errors.ts';
export * from './events.ts';
export * from './file-recovery.ts';
export * from './files.ts';
export * from './messages.ts';
export * from './overview.ts';
export * from './procedures.ts';
export * from './repositories.ts';
export * from './restore.ts';
export * from './restore-points.ts';
export * from './scalars.ts';
export * from './sessions.ts';
export * from './virtual-machines.ts';
