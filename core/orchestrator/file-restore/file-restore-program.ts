import {
  type Connection,
  createWorkerBlobSas,
  deleteWorkerBlobs,
  readWorkerBlob,
  runGuestScript,
  streamWorkerBlob,
  type WorkerBlob,
} from '../../azure/index.ts';
import { AppError } from '../../contract/index.ts';
import type { PointRecord } from '../../db/index.ts';
import type { FileService } from '../../files/index.ts';
import type { Program, Run } from '../../workloads/index.ts';
import type { TakenOccasion, TakenPart } from '../files/index.ts';
import { guestArchive, type SentFiles } from './guest-archive.ts';
import { guestPathBytes } from './guest-entry.ts';
import { readGuestReport } from './guest-report.ts';
import { guestScript } from './guest-script.ts';
import { judgeReport } from './judge-report.ts';
import {
  type FileRestoreInput,
  type FileRestoreMemory,
  fileRestoreInputSchema,
  fileRestoreMemorySchema,
} from './restore-input.ts';

export interface FileRestoreProgramDeps {
  connect(accountId: string): Promise<Connection>;
  /** The restore point, opened for this session alone. */
  openPoint(
    pointId: string,
    signal: AbortSignal,
  ): Promise<{ readonly point: PointRecord; readonly service: FileService; close(): Promise<void> }>;
  /** Where this session's files wait for the machine: a name in the worker storage account of its region. */
  staging(
    run: { readonly sessionId: string; readonly input: FileRestoreInput },
    signal: AbortSignal,
  ): Promise<WorkerBlob>;
  /** The same without making anything; null when there is nothing. */
  findStaging(
    run: { readonly sessionId: string; readonly input: FileRestoreInput },
    signal: AbortSignal,
  ): Promise<WorkerBlob | null>;
  record(
    point: PointRecord,
    occasion: Omit<TakenOccasion, 'point' | 'by'>,
    parts: readonly TakenPart[],
  ): void;
}

type RestoreRun = Run<FileRestoreInput, FileRestoreMemory>;
type Outcome = NonNullable<FileRestoreMemory['outcome']>;

/** A machine may take as long as its agent allows (90 minutes), after it has waited for its turn. */
const addressSeconds = 3 * 3600;
/** About 100 bytes a file. */
const mostReportBytes = 256 * 1024 * 1024;

/** Puts files of a restore point back into the running Linux machine they came from. */
export function fileRestoreProgram(
  deps: FileRestoreProgramDeps,
): Program<FileRestoreInput, FileRestoreMemory> {
  return {
    kind: 'file-restore',
    workload: null,
    inputSchema: fileRestoreInputSchema,
    memorySchema: fileRestoreMemorySchema,
    steps: () => [
      { key: 'put-back', title: 'Put the files into the machine', run: (run) => putBack(deps, run) },
      { key: 'remove', title: 'Remove what was needed for it', run: (run) => removeStaging(deps, run) },
    ],
    cleanUp: (run) => removeStaging(deps, run),
    result: ({ memory }) => ({ kind: 'file-restore', ...(memory.outcome ?? nothing) }),
  };
}

const nothing = { restoredFiles: 0, restoredBytes: 0, keptFiles: 0, failures: [] };

async function putBack(deps: FileRestoreProgramDeps, run: RestoreRun): Promise<void> {
  if (run.memory.outcome !== null) return;
  const { input, sessionId, signal } = run;
  const connection = await deps.connect(input.accountId);
  const staging = await deps.staging({ sessionId, input }, signal);
  // A report of an earlier try would keep this one from being written.
  await deleteWorkerBlobs(connection, staging, signal);
  const opened = await deps.openPoint(input.pointId, signal);
  let sent: SentFiles;
  try {
    run.log(
      'info',
      'Reading the files and sending them to the storage of workers in the region of the machine.',
    );
    sent = await send(connection, { run, staging, service: opened.service });
  } finally {
    await opened.close();
  }
  run.log('info', `Running a script in ${input.vmName}.`);
  const report = await runInGuest(connection, { run, staging, sent });
  const outcome = judgeReport(sent.expected, sent.leftOut, readGuestReport(report));
  run.remember({ outcome });
  tell(run, outcome);
  deps.record(opened.point, occasionOf(run, outcome), takenParts(run, outcome));
}

async function send(
  connection: Connection,
  parts: { readonly run: RestoreRun; readonly staging: WorkerBlob; readonly service: FileService },
): Promise<SentFiles> {
  const { run, staging, service } = parts;
  const { input, sessionId, signal } = run;
  let sent = noFiles();
  const onProgress = (bytes: number) =>
    run.progress({ totalBytes: input.bytes, doneBytes: Math.min(bytes, input.bytes), storedBytes: bytes });
  const bytes = () => {
    sent = noFiles();
    return guestArchive({ service, groups: input.groups, sessionId, onProgress }, sent, signal);
  };
  await streamWorkerBlob(connection, { blob: archiveOf(staging), bytes }, signal);
  return sent;
}

function noFiles(): SentFiles {
  return { expected: new Map(), leftOut: [], broken: [], roomOf: new Map() };
}

async function runInGuest(
  connection: Connection,
  parts: { readonly run: RestoreRun; readonly staging: WorkerBlob; readonly sent: SentFiles },
): Promise<Uint8Array> {
  const { run, staging, sent } = parts;
  const { input, sessionId, signal } = run;
  const address = async (blob: WorkerBlob, access: 'read' | 'create') =>
    (await createWorkerBlobSas(connection, { blob, access, durationSeconds: addressSeconds }, signal)).sas;
  const script = guestScript({
    id: sessionId,
    archiveUrl: await address(archiveOf(staging), 'read'),
    reportUrl: await address(reportOf(staging), 'create'),
    folders: input.groups.map(({ folder }) => ({
      path: guestPathBytes(folder) ?? new Uint8Array(),
      bytes: sent.roomOf.get(folder) ?? 0,
    })),
    broken: sent.broken,
    existing: input.existing,
  });
  const said = await runGuestScript(connection, { vmId: input.vmId, script }, signal);
  const report = await readWorkerBlob(
    connection,
    { blob: reportOf(staging), maxBytes: mostReportBytes },
    signal,
  );
  if (report !== null) return report;
  const reason = said.stderr.trim().split('\n').at(-1) ?? '';
  throw new AppError('azure-failed', {
    message: `The script in ${input.vmName} has not put the files back${reason === '' ? '.' : `: ${reason}`}`,
    hint: 'Files that are named in the log are in their place; all others are as they were. Mend the reason and start again.',
    details: { summary: said.summary.slice(0, 300), stderr: said.stderr.slice(-1000) },
  });
}

const archiveOf = (staging: WorkerBlob): WorkerBlob => ({ ...staging, name: `${staging.name}files.tar` });
const reportOf = (staging: WorkerBlob): WorkerBlob => ({ ...staging, name: `${staging.name}report` });

function tell(run: RestoreRun, outcome: Outcome): void {
  const { restoredFiles, keptFiles, failures } = outcome;
  run.log(
    'info',
    `${restoredFiles} files are in the machine and were read back; ${keptFiles} were kept as they were.`,
  );
  for (const { path, reason } of failures)
    run.log('warning', 'A file was not put back.', { path: path.slice(0, 1000), reason });
}

function occasionOf(
  { sessionId, input }: RestoreRun,
  { failures }: Outcome,
): Omit<TakenOccasion, 'point' | 'by'> {
  const outcome = failures.length === 0 ? 'done' : 'partial';
  return { sessionId, way: 'restored', target: input.vmName, sha256: null, outcome };
}

/** How much of the whole each selected item was is not told by the machine; a single one was all of it. */
function takenParts({ input }: RestoreRun, { restoredFiles, restoredBytes }: Outcome): TakenPart[] {
  const items = input.groups.flatMap((group) => group.items);
  const only = items.length === 1;
  return items.map((item) => ({
    ...item,
    files: only ? restoredFiles : 0,
    bytes: only ? restoredBytes : 0,
  }));
}

async function removeStaging(deps: FileRestoreProgramDeps, run: RestoreRun): Promise<void> {
  const { sessionId, input, signal } = run;
  const staging = await deps.findStaging({ sessionId, input }, signal);
  if (staging !== null) await deleteWorkerBlobs(await deps.connect(input.accountId), staging, signal);
}
