import { AppError } from '../../contract/index.ts';
import {
  type BlobStore,
  claimOwnership,
  createRepository,
  inspectRepository,
  type OwnerRecord,
  openRepository,
  type Repository,
} from '../../engine/index.ts';
import { isoNow, type OrchestratorContext } from '../context.ts';
import type { AddMemory, AddRun } from './add-program.ts';

type Opened = NonNullable<AddMemory['opened']>;

/** Creates, opens or takes over what is in the folder, as the operator chose, and stores its data key. */
export async function openOrCreate(
  context: OrchestratorContext,
  run: AddRun,
  store: BlobStore,
): Promise<Opened> {
  const found = await inspectRepository(store, run.signal);
  const owner = found.state === 'repository' ? found.owner : undefined;
  refuseByMode(context, run, { exists: found.state === 'repository', owner });
  if (found.state !== 'repository') run.remember({ creating: true });
  const repository = await enter(context, run, { store, exists: found.state === 'repository' });
  try {
    const ours = await settleOwner(context, run, { store, owner });
    return await storeKey(context, run, { repository, ours });
  } finally {
    await repository.close();
  }
}

interface Found {
  readonly exists: boolean;
  readonly owner: OwnerRecord | undefined;
}

function refuseByMode({ installationId }: OrchestratorContext, run: AddRun, found: Found): void {
  const { mode } = run.input;
  const foreign = found.owner !== undefined && found.owner.installationId !== installationId;
  if (!found.exists && mode !== 'create') {
    throw new AppError('not-found', {
      message: 'There is no repository in this folder.',
      hint: 'Check the container and the folder, or create a new repository there.',
    });
  }
  if (mode === 'create' && foreign) throw ownedByOther(found.owner);
}

async function enter(
  { host }: OrchestratorContext,
  run: AddRun,
  place: { readonly store: BlobStore; readonly exists: boolean },
): Promise<Repository> {
  const deps = { clock: () => host.clock.now(), random: host.random };
  const unlock = await unlockOf(host.secrets, run.input.passwordKey);
  const options = { unlock, deps, threads: 0, signal: run.signal };
  if (place.exists) return openRepository(place.store, options);
  const created = await createRepository(place.store, { ...options, label: 'Password' });
  run.log('info', 'A new repository was created.');
  return created;
}

async function unlockOf(
  secrets: OrchestratorContext['host']['secrets'],
  passwordKey: string | null,
): Promise<{ kind: 'none' } | { kind: 'password'; password: string }> {
  if (passwordKey === null) return { kind: 'none' };
  const password = await secrets.get(passwordKey);
  if (password !== null) return { kind: 'password', password };
  throw new AppError('wrong-password', {
    message: 'The password is not stored any more.',
    hint: 'Add the repository again and enter its password.',
  });
}

/** True when this installation owns the repository afterwards. */
async function settleOwner(
  context: OrchestratorContext,
  run: AddRun,
  place: { readonly store: BlobStore; readonly owner: OwnerRecord | undefined },
): Promise<boolean> {
  const { installationId, host } = context;
  const { mode } = run.input;
  if (mode === 'attach') return place.owner?.installationId === installationId;
  const owner = { installationId, displayName: host.installationName, since: isoNow(context) };
  await claimOwnership(place.store, { owner, takeOver: mode === 'take-over', signal: run.signal });
  if (mode === 'take-over' && place.owner && place.owner.installationId !== installationId)
    run.log('warning', `The repository was taken over from "${place.owner.displayName}".`);
  return true;
}

async function storeKey(
  { host }: OrchestratorContext,
  run: AddRun,
  opened: { readonly repository: Repository; readonly ours: boolean },
): Promise<Opened> {
  const { header } = opened.repository;
  const secretKey = header.encrypted ? `repository/${run.input.repositoryId}` : null;
  if (secretKey !== null) {
    const dataKey = Buffer.from(opened.repository.exportDataKey()).toString('base64');
    await host.secrets.set(secretKey, dataKey);
  }
  const state = opened.ours ? 'ready' : 'read-only';
  return { engineId: header.id, encrypted: header.encrypted, state, secretKey };
}

function ownedByOther(owner: OwnerRecord | undefined): AppError {
  return new AppError('repository-owned', {
    message: `The folder holds a repository of the installation "${owner?.displayName ?? ''}" since ${owner?.since ?? ''}.`,
    hint: 'Attach it read-only, or take it over if that installation is gone for good.',
    details: owner ? { ...owner } : {},
  });
}
