import { z } from 'zod';
import { accountProcedures } from './accounts.ts';
import { backupProcedures } from './backup.ts';
import { downloadProcedures } from './downloads.ts';
import { errorRecordSchema } from './errors.ts';
import { fileRecoveryProcedures } from './file-recovery.ts';
import { overviewProcedures } from './overview.ts';
import { repositoryProcedures } from './repositories.ts';
import { restoreProcedures } from './restore.ts';
import { restorePointProcedures } from './restore-points.ts';
import { sessionProcedures } from './sessions.ts';
import { vmProcedures } from './virtual-machines.ts';

/** Every procedure of core: its name, the shape it takes and the shape it answers. One hand-written map. */
export const procedures = {
  ...overviewProcedures,
  ...accountProcedures,
  ...vmProcedures,
  ...repositoryProcedures,
  ...restorePointProcedures,
  ...backupProcedures,
  ...restoreProcedures,
  ...sessionProcedures,
  ...fileRecoveryProcedures,
  ...downloadProcedures,
} as const;

export type ProcedureName = keyof typeof procedures;
/** What a caller may send (defaults left out). */
export type ProcedureInput<N extends ProcedureName> = z.input<(typeof procedures)[N]['input']>;
/** What a handler receives (defaults filled in). */
export type ParsedInput<N extends ProcedureName> = z.output<(typeof procedures)[N]['input']>;
export type ProcedureOutput<N extends ProcedureName> = z.output<(typeof procedures)[N]['output']>;

/** How every transport answers: a value, or a whitelisted error record. */
export const replySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: errorRecordSchema }),
]);
export type Reply = z.infer<typeof replySchema>;

/** A typed door to core, whatever carries the calls. Rejects with an AppError. */
export type CallProcedure = <N extends ProcedureName>(
  name: N,
  input: ProcedureInput<N>,
  signal?: AbortSignal,
) => Promise<ProcedureOutput<N>>;

export function isProcedureName(name: string): name is ProcedureName {
  return Object.hasOwn(procedures, name);
}
