import { useEffect, useState } from 'react';

/** The current time in milliseconds, renewed as often as given; stands still when `every` is null. */
export function useNow(every: number | null = 60_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (every === null) return;
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
