export * from './file-content.ts';
export * from './file-name.ts';
export * from './file-system.ts';
export * from './node.ts';
export * from './one-ahead.ts';
export * from './path.ts';
export * from './run-list.ts';
export * from './volume-limits.ts';
