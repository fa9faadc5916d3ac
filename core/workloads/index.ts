/** The kinds of resources that Cairn protects: an explicit list, one folder each. */
export * as azureVm from './azure-vm/index.ts';
export type * from './environment.ts';
export type * from './restore-planning.ts';
export type * from './session-program.ts';
