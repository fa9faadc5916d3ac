import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/**
 * Files that take long and do not look it, longest first: begun late, one of them would keep a machine waiting on its
 * own. The order costs nothing but time when it is out of date.
 */
const long = [
  'core/volumes/conformance/large.lab.test.ts',
  'core/orchestrator/bad-days.lab.test.ts',
  'core/orchestrator/files/worker-road.lab.test.ts',
  'core/orchestrator/kill.lab.test.ts',
  'core/orchestrator/road.lab.test.ts',
  'core/orchestrator/workers/bad-days.lab.test.ts',
  'scripts/demo.lab.test.ts',
  'core/orchestrator/file-restore/file-restore.lab.test.ts',
  'core/orchestrator/file-restore/file-restore-kill.lab.test.ts',
  'core/volumes/conformance/fuzz.lab.test.ts',
  'core/orchestrator/files/downloads.lab.test.ts',
  'core/orchestrator/files/file-recovery.lab.test.ts',
  'core/engine/testing/crash.test.ts',
  'core/engine/testing/hostile-bytes.test.ts',
  'server/cli/files/files-commands.test.ts',
  'core/engine/testing/model.test.ts',
];

const rank = ({ moduleId }: TestSpecification): number => {
  const place = long.findIndex((file) => moduleId.endsWith(file));
  return place < 0 ? long.length : place;
};

/** Vitest's own order behind the files of the list. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((left, right) => rank(left) - rank(right));
  }
}
