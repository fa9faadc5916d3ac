import { listKeySlots, removeKeySlot } from '../../../core/engine/index.ts';
import { printResult } from './print-result.ts';
import { requireUnowned, withRepository } from './repo-context.ts';
import type { RepoCommandDeps, RepoOptions } from './repo-options.ts';

export async function removeKey(deps: RepoCommandDeps, wanted: string, options: RepoOptions): Promise<void> {
  await withRepository(deps, options, async (repository) => {
    await requireUnowned(repository, options);
    const slots = await listKeySlots(repository, deps.io.signal);
    const id = slots.find((slot) => slot.id.startsWith(wanted))?.id ?? wanted;
    await removeKeySlot(repository, id, deps.io.signal);
    if (slots.every((slot) => slot.id === id || slot.kind === 'key-file')) deps.io.stderr(onlyFilesLeft);
    printResult(deps.io, options, { removed: id }, () => `Removed the key slot ${id.slice(0, 12)}.\n`);
  });
}

const onlyFilesLeft =
  'warning: only key files open the repository now; whoever loses them loses the backups\n';
