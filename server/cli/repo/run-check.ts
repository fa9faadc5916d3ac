import { AppError } from '../../../core/contract/index.ts';
import {
  type CheckProgress,
  type CheckReport,
  checkRepository,
  checkWithoutKey,
  type OutsideCheckReport,
} from '../../../core/engine/index.ts';
import { formatTable, printable } from '../format.ts';
import { byteProgress } from './byte-progress.ts';
import { printResult } from './print-result.ts';
import { openPlace, withRepository } from './repo-context.ts';
import { movingData, type RepoCommandDeps, type RepoOptions } from './repo-options.ts';

interface CheckCommandOptions extends RepoOptions {
  readonly deep?: boolean;
  readonly sample?: string;
  /** False with `--without-key`. */
  readonly withoutKey?: boolean;
}

export function check(deps: RepoCommandDeps, options: CheckCommandOptions): Promise<void> {
  return options.withoutKey === true ? checkOutside(deps, options) : checkInside(deps, options);
}

/** What both checks are told: how deep, and into which packs. */
function depthOf(options: CheckCommandOptions) {
  return {
    level: options.deep === true || options.sample !== undefined ? 'deep' : 'quick',
    sample: options.sample === undefined ? 1 : Number(options.sample.replace(/%$/, '')) / 100,
    sampleSeed: Math.floor(Date.now() / 1000),
  } as const;
}

function packProgress(deps: RepoCommandDeps) {
  const progress = byteProgress(deps.io, 'Checked');
  return {
    onProgress: ({ bytesRead, packsChecked, packsTotal }: CheckProgress) =>
      progress.update(bytesRead, bytesRead, ` · ${packsChecked} of ${packsTotal} packs`),
    done: () => progress.done(),
  };
}

async function checkInside(deps: RepoCommandDeps, options: CheckCommandOptions): Promise<void> {
  const needs = depthOf(options).level === 'deep' ? movingData(deps) : deps;
  await withRepository(needs, options, async (repository) => {
    const { onProgress, done } = packProgress(deps);
    const job = { ...depthOf(options), signal: deps.io.signal, onProgress };
    const report = await checkRepository(repository, job);
    done();
    printResult(deps.io, options, report, () => checkText(report));
    if (report.findings.length > 0) throw foundDamage(report);
  });
}

async function checkOutside(deps: RepoCommandDeps, options: CheckCommandOptions): Promise<void> {
  const { store } = await openPlace(deps, options);
  const { onProgress, done } = packProgress(deps);
  const report = await checkWithoutKey(store, { ...depthOf(options), signal: deps.io.signal, onProgress });
  done();
  printResult(deps.io, options, report, () => outsideText(report));
  if (report.findings.length > 0) {
    throw new AppError('damaged', {
      message: `${report.findings.length} objects are not as they must be.`,
      hint: 'Check with the password to learn which restore points suffer.',
      details: { objects: namesOf(report.findings) },
    });
  }
}

function outsideText(report: OutsideCheckReport): string {
  const head = `Checked ${report.objectsChecked} objects, ${report.packsChecked} of them packs, without the key.\n`;
  const unknown = `Not known:\n${report.unknown.map((sentence) => `- ${sentence}\n`).join('')}`;
  if (report.findings.length === 0)
    return `${head}Nothing is wrong that can be seen from outside.\n${unknown}`;
  const rows = report.findings.map((finding) => [finding.object, finding.reason]);
  return head + formatTable(['Object', 'What is wrong'], rows) + unknown;
}

function checkText(report: CheckReport): string {
  const head = `Checked ${report.pointsChecked} points, ${report.packsChecked} packs, ${report.blocksChecked} blocks.\n`;
  if (report.findings.length === 0) return `${head}Nothing is wrong.\n`;
  const rows = report.findings.map((finding) => [
    finding.object,
    finding.reason,
    finding.affects.map((point) => point.pointId.slice(0, 12)).join(' ') || '-',
  ]);
  const note = report.noted
    ? ''
    : 'There is no right to write here, so the next backup does not learn of it.\n';
  return head + formatTable(['Object', 'What is wrong', 'Points that suffer'], rows) + note;
}

function foundDamage(report: CheckReport): AppError {
  const points = new Set(report.findings.flatMap((finding) => finding.affects.map((point) => point.pointId)));
  return new AppError('damaged', {
    message: `${report.findings.length} objects are damaged; ${points.size} restore points suffer.`,
    hint: 'Back up again what still exists: damaged blocks are stored anew and older points heal.',
    details: {
      objects: namesOf(report.findings),
    },
  });
}

function namesOf(findings: readonly { readonly object: string }[]): string {
  return findings
    .map((finding) => printable(finding.object))
    .join(' ')
    .slice(0, 500);
}
