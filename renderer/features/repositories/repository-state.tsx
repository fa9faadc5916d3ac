import type { Repository } from '../../../core/contract/index.ts';
import { StateMark, type Tone } from '../../ui/index.ts';

const words: Record<Repository['state'], { readonly text: string; readonly tone: Tone }> = {
  ready: { text: 'Ready', tone: 'good' },
  'read-only': { text: 'Read-only', tone: 'quiet' },
  unreachable: { text: 'Unreachable', tone: 'bad' },
};

export function RepositoryState({ repository }: { repository: Repository }) {
  return <StateMark {...words[repository.state]} />;
}

/** Where a repository is: storage account / container / folder. */
export function repositoryPath(place: {
  readonly storageAccountName: string;
  readonly container: string;
  readonly folder: string;
}): string {
  return [place.storageAccountName, place.container, place.folder].filter((part) => part !== '').join(' / ');
}
