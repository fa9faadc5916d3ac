import { AppError, type FileComparison, type ParsedInput } from '../../contract/index.ts';
import type { FileRecoveryDeps, UsedRecovery } from './file-recovery-service.ts';

/** Comparisons of two places, worked out in the background. */
export interface Comparisons {
  /** Answers the comparison's id. */
  start(input: ParsedInput<'files.compare'>): string;
  get(comparisonId: string): FileComparison;
  close(): Promise<void>;
}

export interface ComparisonDeps extends Pick<FileRecoveryDeps, 'context' | 'openers'> {
  use(sessionId: string): UsedRecovery;
}

export function createComparisons(_deps: ComparisonDeps): Comparisons {
  return {
    start() {
      throw new AppError('not-supported', { message: 'Comparing is not available yet.' });
    },
    get() {
      throw new AppError('not-found', { message: 'There is no such comparison any more.' });
    },
    close: async () => undefined,
  };
}
