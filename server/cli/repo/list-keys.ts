import { listKeySlots } from '../../../core/engine/index.ts';
import { formatTable, formatTime } from '../format.ts';
import { printResult } from './print-result.ts';
import { withRepository } from './repo-context.ts';
import type { RepoCommandDeps, RepoOptions } from './repo-options.ts';

export async function listKeys(deps: RepoCommandDeps, options: RepoOptions): Promise<void> {
  await withRepository(deps, options, async (repository) => {
    const slots = await listKeySlots(repository, deps.io.signal);
    printResult(deps.io, options, slots, () =>
      formatTable(
        ['Slot', 'Kind', 'Created', 'Label', 'Key'],
        slots.map((slot) => [
          slot.id.slice(0, 12),
          slot.kind,
          formatTime(slot.createdAt),
          slot.label,
          slot.keyId ?? '',
        ]),
      ),
    );
  });
}
