import { z } from 'zod';
import { fileRoadSchema, fileSourceSchema, idSchema, timeSchema } from '../../contract/index.ts';
import type { Program, ProgramStep, Run } from '../../workloads/index.ts';
import type { LiveRecoveries } from './live-recoveries.ts';
import type { LiveRecovery } from './live-recovery.ts';

export const recoveryInputSchema = z.object({
  pointId: idSchema,
  road: fileRoadSchema,
  source: fileSourceSchema,
  idleMinutes: z.int().min(1).max(480),
  accountId: idSchema,
});
export type RecoveryInput = z.infer<typeof recoveryInputSchema>;

const memorySchema = z.object({
  /** When it closes itself, as far as it was stored; null before it was open. */
  closesAt: timeSchema.nullable().default(null),
});
export type RecoveryMemory = z.infer<typeof memorySchema>;
export type RecoveryRun = Run<RecoveryInput, RecoveryMemory>;
type RecoveryStep = ProgramStep<RecoveryInput, RecoveryMemory>;

/** How often what was opened may be lost (a thread that dies, a worker that vanishes) before the session gives up. */
const losses = 10;

export interface RecoveryProgramDeps {
  readonly recoveries: LiveRecoveries;
  totals(sessionId: string): { readonly items: number; readonly bytes: number };
}

/**
 * Opens a restore point and keeps it open until it is closed or nobody has used it for its idle time. A core that was started
 * again opens it again if its time is not over.
 */
export function recoveryProgram(deps: RecoveryProgramDeps): Program<RecoveryInput, RecoveryMemory> {
  const { recoveries, totals } = deps;
  return {
    kind: 'file-recovery',
    workload: null,
    unlimited: true,
    inputSchema: recoveryInputSchema,
    memorySchema,
    steps: () => [open(recoveries), serve(recoveries), tidy(recoveries)],
    cleanUp: (run) => recoveries.end(run),
    result: (run) => ({ kind: 'file-recovery', ...totals(run.sessionId) }),
    ended: async (run) => recoveries.forget(run.sessionId),
  };
}

function open(recoveries: LiveRecoveries): RecoveryStep {
  return {
    key: 'open',
    title: 'Open the restore point',
    async run(run) {
      await openUnlessOver(recoveries.of(run), run.signal);
    },
  };
}

function serve(recoveries: LiveRecoveries): RecoveryStep {
  return {
    key: 'serve',
    title: 'Give out files until it is closed',
    async run(run) {
      const live = recoveries.of(run);
      for (let lost = 0; ; lost += 1) {
        await openUnlessOver(live, run.signal);
        const why = await live.serve(run.signal);
        if (why !== 'lost') return run.log('info', sentences[why]);
        const reason = live.lostBecause;
        if (lost >= losses) throw reason;
        run.log('warning', `${reason.message} It is opened again.`, { code: reason.code, ...reason.details });
        await live.release('Opening it again.');
      }
    },
  };
}

const sentences = {
  idle: 'Nobody has used it for its idle time; it closes itself.',
  closed: 'It was closed.',
};

function tidy(recoveries: LiveRecoveries): RecoveryStep {
  return {
    key: 'remove',
    title: 'Remove what was needed for it',
    run: (run) => recoveries.end(run),
  };
}

/** Being asked to close while it opens is no failure: the steps after this one end it. */
async function openUnlessOver(live: LiveRecovery, signal: AbortSignal): Promise<void> {
  if (live.isOver || live.closeAsked) return;
  try {
    await live.open(signal);
  } catch (thrown) {
    if (!live.closeAsked || signal.aborted) throw thrown;
  }
}
