import { type RefObject, useLayoutEffect, useState } from 'react';

/** An element's width in pixels; null before it is known. */
export function useWidth(element: RefObject<HTMLElement | null>): number | null {
  const [width, setWidth] = useState<number | null>(null);
  useLayoutEffect(() => {
    const watched = element.current;
    if (watched === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? null));
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
