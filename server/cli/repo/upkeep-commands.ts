import type { Command } from 'commander';
import { AppError } from '../../../core/contract/index.ts';
import {
  type CheckReport,
  checkRepository,
  collectGarbage,
  createRepository,
  inspectRepository,
  listPoints,
  type Unlock,
} from '../../../core/engine/index.ts';
import { formatBytes, formatPairs, formatTable, printable } from '../format.ts';
import { byteProgress } from './byte-progress.ts';
import { printResult } from './print-result.ts';
import {
  engineDeps,
  openStore,
  type RepoCommandDeps,
  type RepoOptions,
  readPassword,
  requireUnowned,
  withRepoOptions,
  withRepository,
} from './repo-context.ts';

export function registerUpkeepCommands(repo: Command, deps: RepoCommandDeps): void {
  withRepoOptions(repo.command('init').description('creates a repository in an empty place'))
    .option('--no-encryption', 'anybody with access to the place can then read it')
    .action((_options, command: Command) => init(deps, command.optsWithGlobals()));
  withRepoOptions(
    repo.command('stats').description('what the repository holds and what of it is in use'),
  ).action((_options, command: Command) => stats(deps, command.optsWithGlobals()));
  withRepoOptions(
    repo.command('check').description('looks for anything that keeps a point from being restored'),
  )
    .option('--deep', 'opens every block')
    .option('--sample <percent>', 'opens the blocks of this part of the packs, such as 10%')
    .action((_options, command: Command) => check(deps, command.optsWithGlobals()));
  withRepoOptions(repo.command('collect').description('frees what no restore point leads to'))
    .option('--dry-run', 'only says what would be freed')
    .option('--force', 'also when another installation owns the repository')
    .action((_options, command: Command) => collect(deps, command.optsWithGlobals()));
}

async function init(
  deps: RepoCommandDeps,
  options: RepoOptions & { readonly encryption: boolean },
): Promise<void> {
  const store = await openStore(deps, options);
  const unlock: Exclude<Unlock, { kind: 'data-key' }> = options.encryption
    ? { kind: 'password', password: await readPassword(deps, options, true) }
    : { kind: 'none' };
  const repository = await createRepository(store, { unlock, deps: engineDeps, signal: deps.io.signal });
  await repository.close();
  printResult(deps.io, options, repository.header, () => `Created the repository ${repository.header.id}.\n`);
}

async function stats(deps: RepoCommandDeps, options: RepoOptions): Promise<void> {
  await withRepository(deps, options, async (repository) => {
    const { signal } = deps.io;
    const found = await inspectRepository(repository.store, signal);
    const points = await listPoints(repository, signal, () => undefined);
    const use = await collectGarbage(repository, { dryRun: true, signal });
    const owner = found.state === 'repository' ? (found.owner?.displayName ?? 'nobody') : 'nobody';
    const { header } = repository;
    const value = {
      header,
      owner,
      points: points.length,
      packs: use.packs,
      bytes: use.bytes,
      liveBytes: use.liveBytes,
    };
    printResult(deps.io, options, { ...value, collectable: use.removedBytes - use.copiedBytes }, () =>
      formatPairs([
        ['Repository', header.id],
        ['Format', `version ${header.version}, blocks of ${formatBytes(header.blockSize)}`],
        ['Encrypted', header.encrypted ? 'yes' : 'no'],
        ['Owner', owner],
        ['Restore points', String(points.length)],
        ['Stored', `${formatBytes(use.bytes)} in ${use.packs} packs`],
        ['In use', formatBytes(use.liveBytes)],
        ['Collectable', formatBytes(use.removedBytes - use.copiedBytes)],
      ]),
    );
  });
}

async function check(
  deps: RepoCommandDeps,
  options: RepoOptions & { readonly deep?: boolean; readonly sample?: string },
): Promise<void> {
  const sample = options.sample === undefined ? 1 : Number(options.sample.replace(/%$/, '')) / 100;
  await withRepository(deps, options, async (repository) => {
    const progress = byteProgress(deps.io, 'Checked');
    const report = await checkRepository(repository, {
      level: options.deep === true || options.sample !== undefined ? 'deep' : 'quick',
      sample,
      sampleSeed: Math.floor(Date.now() / 1000),
      signal: deps.io.signal,
      onProgress: ({ bytesRead, packsChecked, packsTotal }) =>
        progress.update(bytesRead, bytesRead, ` · ${packsChecked} of ${packsTotal} packs`),
    });
    progress.done();
    printResult(deps.io, options, report, () => checkText(report));
    if (report.findings.length > 0) throw foundDamage(report);
  });
}

function checkText(report: CheckReport): string {
  const head = `Checked ${report.pointsChecked} points, ${report.packsChecked} packs, ${report.blocksChecked} blocks.\n`;
  if (report.findings.length === 0) return `${head}Nothing is wrong.\n`;
  const rows = report.findings.map((finding) => [
    finding.object,
    finding.reason,
    finding.affects.map((point) => point.pointId.slice(0, 12)).join(' ') || '-',
  ]);
  return head + formatTable(['Object', 'What is wrong', 'Points that suffer'], rows);
}

function foundDamage(report: CheckReport): AppError {
  const points = new Set(report.findings.flatMap((finding) => finding.affects.map((point) => point.pointId)));
  return new AppError('damaged', {
    message: `${report.findings.length} objects are damaged; ${points.size} restore points suffer.`,
    hint: 'Back up again what still exists: damaged blocks are stored anew and older points heal.',
    details: {
      objects: report.findings
        .map((finding) => printable(finding.object))
        .join(' ')
        .slice(0, 500),
    },
  });
}

async function collect(
  deps: RepoCommandDeps,
  options: RepoOptions & { readonly dryRun?: boolean },
): Promise<void> {
  await withRepository(deps, options, async (repository) => {
    if (options.dryRun !== true) await requireUnowned(repository, options);
    const report = await collectGarbage(repository, {
      dryRun: options.dryRun === true,
      signal: deps.io.signal,
    });
    printResult(deps.io, options, report, () => {
      const verb = options.dryRun === true ? 'Would free' : 'Freed';
      const waits =
        report.waitsFor.length === 0 ? '' : ` ${report.waitsFor.length} running backups have to end first.`;
      return `${verb} ${formatBytes(report.removedBytes)} in ${report.removedPacks} packs.${waits}\n`;
    });
  });
}
