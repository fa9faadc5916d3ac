import { createCipheriv, createHash } from 'node:crypto';

/** Repeatable pseudo-random numbers (xoshiro128**), so that the same seed builds the same files. Not for secrets. */
export interface RandomSource {
  /** 0 <= result < bound; bound at most 2^32. */
  below(bound: number): number;
  pick<T>(items: readonly T[]): T;
  bytes(length: number): Buffer;
}

export function seededRandom(seed: string): RandomSource {
  const state = new Uint32Array(4);
  let hash = 2_166_136_261;
  for (let i = 0; i < seed.length + 16; i += 1) {
    hash = Math.imul(hash ^ (seed.charCodeAt(i % Math.max(seed.length, 1)) || i), 16_777_619) >>> 0;
    state[i % 4] = ((state[i % 4] ?? 0) ^ hash) >>> 0 || i + 1;
  }
  const next = (): number => {
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const scaled = Math.imul(b, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const mixedC = c ^ a;
    const mixedD = d ^ b;
    state[0] = a ^ mixedD;
    state[1] = b ^ mixedC;
    state[2] = mixedC ^ (b << 9);
    state[3] = (mixedD << 11) | (mixedD >>> 21);
    return result;
  };
  // A key stream is the fastest repeatable noise there is.
  const noise = createCipheriv('aes-128-ctr', createHash('md5').update(seed).digest(), Buffer.alloc(16));
  const below = (bound: number): number => Math.floor((next() / 2 ** 32) * bound);
  return {
    below,
    pick: <T>(items: readonly T[]): T => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    bytes: (length) => noise.update(Buffer.alloc(length)),
  };
}
