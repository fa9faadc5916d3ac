import { AppError, type FileRestorePlan, type ParsedInput } from '../../contract/index.ts';

/** Files back into the machine they came from. */
export interface FileRestoreService {
  plan(input: ParsedInput<'files.restorePlan'>, signal: AbortSignal): Promise<FileRestorePlan>;
  /** Answers the session's id. */
  start(planId: string): string;
}

/** Until files can be put back, says so. */
export function fileRestoreNotAvailable(): FileRestoreService {
  const refusal = () =>
    new AppError('not-supported', {
      message: 'This version of Cairn cannot put files back into the machine.',
      hint: 'Download them, and copy them into the machine.',
    });
  return {
    plan: async () => {
      throw refusal();
    },
    start() {
      throw refusal();
    },
  };
}
