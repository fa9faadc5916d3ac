import { computeSpecs } from './compute.ts';
import { networkSpecs } from './network.ts';
import { resourceSpecs } from './resources.ts';
import type { SpecFile } from './spec-operation.ts';
import { storageSpecs } from './storage.ts';

export type { SpecFile, SpecOperation } from './spec-operation.ts';

/** Every specification of the lab. Query parameters and models as in Microsoft's, cut down to what is emulated. */
export const specFiles: readonly SpecFile[] = [
  ...computeSpecs,
  ...networkSpecs,
  ...storageSpecs,
  ...resourceSpecs,
];
