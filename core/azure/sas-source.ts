/**
 * A SAS that is renewed while work goes on. `current` is the URL to use now; `renew` resolves when `current` gives a
 * fresh one.
 */
export interface SasSource {
  current(): string;
  renew(signal: AbortSignal): Promise<void>;
}

/** A SAS that lasts as long as it lasts. */
export function fixedSas(url: string): SasSource {
  return { current: () => url, renew: () => Promise.resolve() };
}

/** Keeps what is built for a URL until the URL changes. */
export function perUrl<T>(source: SasSource, make: (url: string) => Promise<T>): () => Promise<T> {
  let url: string | undefined;
  let made: Promise<T> | undefined;
  return () => {
    const current = source.current();
    if (made === undefined || url !== current) {
      url = current;
      made = make(current);
    }
    return made;
  };
}
