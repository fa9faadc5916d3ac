import {
  AppError,
  type FileComparison,
  type FileRecovery,
  type RestorePoint,
} from '../../core/contract/index.ts';
import type { AnsweringCarrier, Answers } from './answering-carrier.ts';
import { ago, buildFileRecovery, buildTakenItem } from './built-data.ts';
import {
  createPlaySearch,
  createPlaySizes,
  entryOf,
  findFile,
  listFiles,
  previewFile,
} from './play-file-reads.ts';
import { playVolumes } from './play-volumes.ts';

interface FileWorld {
  readonly points: () => readonly RestorePoint[];
  readonly carrier: () => AnsweringCarrier | undefined;
}

/** Answers for file recovery over the stand-in's file systems. */
export function fileRecoveryAnswers({ points, carrier }: FileWorld): Answers {
  let sessions: FileRecovery[] = [
    buildFileRecovery('files-1', { volumes: [...playVolumes] }),
    buildFileRecovery('files-2', {
      pointId: 'point-2',
      takenAt: ago(60 * 25),
      road: 'worker',
      volumes: [...playVolumes],
      worker: { address: '10.20.1.9:8443', fingerprint: 'ab12'.repeat(16), region: 'westeurope' },
    }),
  ];
  const find = (id: string): FileRecovery => {
    const found = sessions.find(({ sessionId }) => sessionId === id);
    if (found === undefined)
      throw new AppError('not-found', {
        message: 'This file recovery session is not known.',
        hint: 'Open the restore point again.',
      });
    return found;
  };
  const change = (id: string, changes: Partial<FileRecovery>) => {
    sessions = sessions.map((one) => (one.sessionId === id ? { ...one, ...changes } : one));
    carrier()?.push({ type: 'changed', topic: 'file-recovery', id });
  };
  const search = createPlaySearch();
  return {
    'files.open': ({ pointId, road, source, idleMinutes }) => {
      const point = points().find(({ id }) => id === pointId);
      const open = sessions.find(
        (one) => one.pointId === pointId && one.road === road && one.state === 'open',
      );
      if (open !== undefined) return { sessionId: open.sessionId };
      const sessionId = `files-${Date.now()}`;
      const takenAt = point?.takenAt ?? ago(70);
      sessions.unshift(
        buildFileRecovery(sessionId, {
          pointId,
          road,
          source,
          takenAt,
          state: 'opening',
          activity: 'Reading the partition tables of 3 disks.',
          closesAt: null,
        }),
      );
      setTimeout(
        () =>
          change(sessionId, {
            state: 'open',
            activity: '',
            volumes: [...playVolumes],
            closesAt: ago(-idleMinutes),
          }),
        1500,
      );
      return { sessionId };
    },
    'files.get': ({ sessionId }) => find(sessionId),
    'files.opened': () => sessions.filter(({ state }) => state === 'open' || state === 'opening'),
    'files.extend': ({ sessionId, minutes }) => {
      change(sessionId, { closesAt: ago(-minutes) });
      return { closesAt: ago(-minutes) };
    },
    'files.close': ({ sessionId }) => {
      change(sessionId, { state: 'closed', closesAt: null, volumes: null });
      return {};
    },
    'files.list': listFiles,
    'files.details': (place) => findFile(place).details,
    'files.search': search,
    'files.sizes': createPlaySizes(),
    'files.preview': previewFile,
    'files.versions': (place) => versionsOf(place.path, points()),
    'files.compare': () => ({ comparisonId: 'comparison-1' }),
    'files.comparison': () => playComparison(),
    'files.share': ({ sessionId, minutes, scope }) => {
      const share = {
        id: `share-${Date.now()}`,
        address: 'https://10.20.1.9:8443/s/5Kd3NBUAdUnh',
        fingerprint: 'ab12'.repeat(16),
        expiresAt: ago(-minutes),
        scope,
      };
      change(sessionId, { shares: [...find(sessionId).shares, { ...share, address: null }] });
      return share;
    },
    'files.unshare': ({ sessionId, shareId }) => {
      change(sessionId, { shares: find(sessionId).shares.filter(({ id }) => id !== shareId) });
      return {};
    },
    'files.restorePlan': () => {
      throw new AppError('not-supported', {
        message: 'Putting files back into the machine is not possible yet.',
        hint: 'Download the files and copy them to the machine.',
      });
    },
    'files.takenFiles': () =>
      Array.from({ length: 36 }, (_, index) => ({
        path: `nginx/sites/${index}.conf`,
        bytes: index * 411,
        sha256: String(index).padStart(64, 'e'),
      })),
    'files.taken': ({ limit }) =>
      Array.from({ length: 12 }, (_, index) =>
        buildTakenItem(`taken-${index}`, index % 3 === 0 ? { sha256: null } : {}),
      ).slice(0, limit),
  };
}

function versionsOf(
  path: string,
  points: readonly RestorePoint[],
): ReturnType<NonNullable<Answers['files.versions']>> {
  const changes = ['changed', 'same', 'first', 'unknown'] as const;
  const whole = points.filter(({ state }) => state === 'ok');
  return {
    state: 'done',
    looked: whole.length,
    points: whole.length,
    versions: whole.map(({ id, takenAt }, index) => ({
      pointId: id,
      takenAt,
      presence: 'present',
      sizeBytes: 1200 + path.length * (3 - index),
      modified: takenAt,
      sha256: index === 1 ? null : String(index).padEnd(64, 'a'),
      change: changes[index] ?? 'same',
      problem: null,
    })),
  };
}

function playComparison(): FileComparison {
  const left = entryOf(findFile({ volumeId: 'disk0-part1', path: '/etc/nginx/nginx.conf' }).details);
  const lines = [
    ['both', 'user www-data;'],
    ['left', 'worker_processes auto;'],
    ['right', 'worker_processes 8;'],
    ['both', 'pid /run/nginx.pid;'],
    ['right', 'include /etc/nginx/modules-enabled/*.conf;'],
    ...Array.from({ length: 60 }, (_, line) => ['both', `# line ${line}`] as const),
  ] as const;
  return {
    state: 'done',
    error: null,
    entriesCompared: 1,
    bytesCompared: 2400,
    differences: [{ path: '', change: 'changed', left, right: { ...left, sizeBytes: left.sizeBytes + 40 } }],
    more: false,
    lines: lines.map(([side, text]) => ({ side, text })),
  };
}
