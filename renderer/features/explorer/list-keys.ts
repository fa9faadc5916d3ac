export interface ListView {
  readonly active: number | null;
  readonly total: number;
  /** Lines in sight: what a page is. */
  readonly page: number;
}

/** The line that a key moves to; null when it is not a key that moves. */
export function lineAfterKey(key: string, { active, total, page }: ListView): number | null {
  if (total === 0) return null;
  const to = target(key, active ?? -1, total, page);
  return to === null ? null : Math.min(total - 1, Math.max(0, to));
}

function target(key: string, active: number, total: number, page: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return active + 1;
    case 'ArrowUp':
      return active - 1;
    case 'PageDown':
      return active + page;
    case 'PageUp':
      return active - page;
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return null;
  }
}

/** True for keys that write something: they go on in the filter. */
export function isTyped(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): boolean {
  return (
    [...event.key].length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey
  );
}
