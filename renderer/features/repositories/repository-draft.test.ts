import { describe, expect, it } from 'vitest';
import { type FolderInspection, procedures } from '../../../core/contract/index.ts';
import { buildRepository, buildStorageAccount } from '../../testing/built-data.ts';
import {
  modesFor,
  newPasswordSchema,
  passwordNeed,
  type RepositoryDraft,
  repositoryAt,
  stepsFor,
  toAddInput,
} from './repository-draft.ts';

const repository = (changes: { ours: boolean; encrypted: boolean }): FolderInspection => ({
  state: 'repository',
  repositoryId: 'r',
  owner: null,
  ...changes,
});

describe('what the folder holds decides the way', () => {
  it.each<[string, FolderInspection, ReturnType<typeof modesFor>, ReturnType<typeof passwordNeed>]>([
    ['no container', { state: 'no-container' }, ['create'], 'choose'],
    ['an empty folder', { state: 'empty' }, ['create'], 'choose'],
    ['something else', { state: 'other-data', sample: ['a'] }, [], 'choose'],
    ['our repository', repository({ ours: true, encrypted: true }), ['create'], 'enter'],
    ['a foreign one', repository({ ours: false, encrypted: true }), ['attach', 'take-over'], 'enter'],
    ['an open foreign one', repository({ ours: false, encrypted: false }), ['attach', 'take-over'], 'none'],
  ])('%s', (_, inspection, modes, need) => {
    expect(modesFor(inspection)).toEqual(modes);
    expect(passwordNeed(inspection)).toBe(need);
  });

  it('asks nothing about encryption where nothing can be chosen', () => {
    expect(stepsFor(repository({ ours: true, encrypted: false }))).toEqual(['place', 'folder', 'review']);
    expect(stepsFor({ state: 'empty' })).toContain('encryption');
  });
});

describe('the command that a draft stands for', () => {
  const account = buildStorageAccount('contosobackup');
  const draft: RepositoryDraft = {
    step: 'review',
    place: { name: 'Backups', storageAccountId: account.resourceId, container: 'cairn', folder: 'vm' },
    storageAccount: account,
    inspection: { state: 'no-container' },
    mode: 'create',
    encryption: { kind: 'password', password: 'correct horse battery' },
  };

  it('fits the contract and makes the container only when it is missing', () => {
    const input = toAddInput(draft);
    expect(procedures['repository.add'].input.parse(input)).toEqual(input);
    expect(input?.createContainer).toBe(true);
    expect(toAddInput({ ...draft, inspection: { state: 'empty' } })?.createContainer).toBe(false);
  });

  it('is not there before everything is chosen', () => {
    expect(toAddInput({ ...draft, encryption: null })).toBeNull();
    expect(toAddInput({ ...draft, mode: null })).toBeNull();
  });
});

it('knows a place that is a repository here already, whatever the case of Azure’s ids', () => {
  const known = buildRepository();
  const place = { name: 'Again', storageAccountId: known.storageAccountId.toUpperCase(), container: 'cairn' };
  expect(repositoryAt([known], { ...place, folder: 'production' })).toBe(known);
  expect(repositoryAt([known], { ...place, folder: 'other' })).toBeUndefined();
});

it('takes a new password only when it is long, repeated and confirmed', () => {
  const paths = (value: object) =>
    newPasswordSchema.safeParse(value).error?.issues.map(({ path }) => path.join('.'));
  expect(paths({ password: 'short', repeated: 'other', understood: false })?.sort()).toEqual([
    'password',
    'repeated',
    'understood',
  ]);
  expect(
    paths({ password: 'long enough now', repeated: 'long enough now', understood: true }),
  ).toBeUndefined();
});
