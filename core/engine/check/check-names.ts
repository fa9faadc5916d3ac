import { kindOfName, prefixes } from '../format/names.ts';
import type { Inventory } from './check-objects.ts';

export interface NameFinding {
  readonly object: string;
  readonly reason: string;
}

/** What the names alone tell: objects that Cairn does not write, and gaps where names follow one another. */
export function checkNames(inventory: Inventory): NameFinding[] {
  const findings: NameFinding[] = [];
  let lastOwner = 0;
  for (const { name } of inventory.others) {
    const kind = kindOfName(name);
    if (kind === undefined) {
      findings.push({ object: name, reason: 'its name is not one that Cairn writes' });
    }
    if (kind !== 'owner') continue;
    const number = Number(name.slice(prefixes.owner.length));
    if (number !== lastOwner + 1) {
      findings.push({ object: name, reason: 'a record before it is missing, or it was renamed' });
    }
    lastOwner = number;
  }
  return findings;
}
