import { collectGarbage, inspectRepository, listPoints } from '../../../core/engine/index.ts';
import { formatBytes, formatPairs } from '../format.ts';
import { printResult } from './print-result.ts';
import { withRepository } from './repo-context.ts';
import type { RepoCommandDeps, RepoOptions } from './repo-options.ts';

export async function stats(deps: RepoCommandDeps, options: RepoOptions): Promise<void> {
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
