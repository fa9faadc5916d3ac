import { idLength } from '../format/names.ts';
import type { EngineDeps } from '../model.ts';

/** 32 hexadecimal digits that nobody else has. */
export function randomId(deps: EngineDeps): string {
  return Buffer.from(deps.random(idLength)).toString('hex');
}
