import { collectGarbage } from '../../../core/engine/index.ts';
import { formatBytes } from '../format.ts';
import { printResult } from './print-result.ts';
import { requireUnowned, withRepository } from './repo-context.ts';
import type { RepoCommandDeps, RepoOptions } from './repo-options.ts';

export async function collect(
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
