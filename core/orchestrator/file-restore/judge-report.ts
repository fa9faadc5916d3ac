import type { ExpectedFile } from './guest-archive.ts';
import type { GuestRecord } from './guest-report.ts';
import type { FileRestoreMemory } from './restore-input.ts';

type Outcome = NonNullable<FileRestoreMemory['outcome']>;

/** Failures that are told one by one. */
const mostFailures = 100;

/**
 * What has come of a restore, from what was sent and what the machine says of it. A file counts as restored when what
 * the machine read back has the hash of what was sent; one that was kept although it is the same counts as restored,
 * so that a repeated run tells the truth.
 */
export function judgeReport(
  expected: ReadonlyMap<string, ExpectedFile>,
  leftOut: readonly { readonly path: string; readonly reason: string }[],
  records: readonly GuestRecord[],
): Outcome {
  const outcome = { restoredFiles: 0, restoredBytes: 0, keptFiles: 0 };
  const failures = [...leftOut];
  const open = new Map(expected);
  for (const { kind, path, sha256, reason } of records) {
    const file = open.get(path);
    open.delete(path);
    const shown = file?.shown ?? Buffer.from(path, 'latin1').toString('utf8');
    const same = file !== undefined && file.sha256 === sha256;
    if (kind === 'failed') failures.push({ path: shown, reason });
    else if (file === undefined)
      failures.push({ path: shown, reason: 'the machine reports a file that was not sent' });
    else if (same) {
      outcome.restoredFiles += 1;
      outcome.restoredBytes += file.size;
    } else if (kind === 'kept') outcome.keptFiles += 1;
    else failures.push({ path: shown, reason: 'what the machine read back differs from what was sent' });
  }
  for (const { shown } of open.values())
    failures.push({ path: shown, reason: 'the machine does not say what became of it' });
  return { ...outcome, failures: failures.slice(0, mostFailures) };
}
