import type { FilePlace } from '../../../core/contract/index.ts';

/** One text per place. Neither ids nor paths hold a line break: it would be escaped. */
export function placeKey({ volumeId, path }: FilePlace): string {
  return `${volumeId}\n${path}`;
}
