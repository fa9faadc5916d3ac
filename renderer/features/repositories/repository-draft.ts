import { z } from 'zod';
import { createStore } from 'zustand/vanilla';
import {
  type FolderInspection,
  nameSchema,
  type ProcedureInput,
  passwordSchema,
  procedures,
  type Repository,
  type StorageAccount,
} from '../../../core/contract/index.ts';

/** The first step's form: the contract's own rules for each field. */
export const placeFormSchema = procedures['repository.inspectFolder'].input.extend({ name: nameSchema });
export type PlaceForm = z.infer<typeof placeFormSchema>;

export const newPasswordSchema = z
  .object({
    password: passwordSchema,
    repeated: z.string(),
    understood: z.boolean().refine((value) => value, 'confirm that you have stored the password'),
  })
  .refine(({ password, repeated }) => password === repeated, {
    path: ['repeated'],
    message: 'the two passwords differ',
    // Told at once, also while other fields still need work.
    when: () => true,
  });

/** An existing repository's password may be older than the rule for new ones. */
export const knownPasswordSchema = z.object({ password: passwordSchema });

type AddInput = ProcedureInput<'repository.add'>;
export type Mode = AddInput['mode'];
export type Encryption = AddInput['encryption'];
export type Step = 'place' | 'folder' | 'encryption' | 'review';

export interface RepositoryDraft {
  readonly step: Step;
  readonly place: PlaceForm | null;
  readonly storageAccount: StorageAccount | null;
  readonly inspection: FolderInspection | null;
  readonly mode: Mode | null;
  readonly encryption: Encryption | null;
}

/** One open wizard's memory; thrown away with the page. */
export function createDraftStore() {
  return createStore<RepositoryDraft>(() => ({
    step: 'place',
    place: null,
    storageAccount: null,
    inspection: null,
    mode: null,
    encryption: null,
  }));
}
export type DraftStore = ReturnType<typeof createDraftStore>;

/** The steps this draft needs: an unencrypted repository that exists asks nothing about encryption. */
export function stepsFor(inspection: FolderInspection | null): Step[] {
  const asksNothing = inspection?.state === 'repository' && !inspection.encrypted;
  return asksNothing ? ['place', 'folder', 'review'] : ['place', 'folder', 'encryption', 'review'];
}

/** The repository that this console shows already at a place, if any. */
export function repositoryAt(repositories: readonly Repository[], place: PlaceForm): Repository | undefined {
  return repositories.find(
    ({ storageAccountId, container, folder }) =>
      storageAccountId.toLowerCase() === place.storageAccountId.toLowerCase() &&
      container === place.container &&
      folder === place.folder,
  );
}

/** What can be done with the folder as it was found; empty when it holds something else. */
export function modesFor(inspection: FolderInspection): Mode[] {
  switch (inspection.state) {
    case 'no-container':
    case 'empty':
      return ['create'];
    case 'other-data':
      return [];
    case 'repository':
      return inspection.ours ? ['create'] : ['attach', 'take-over'];
  }
}

/** Whether a password is chosen now, or one that exists is asked for, or none is needed. */
export function passwordNeed(inspection: FolderInspection): 'choose' | 'enter' | 'none' {
  if (inspection.state !== 'repository') return 'choose';
  return inspection.encrypted ? 'enter' : 'none';
}

/** The command that a finished draft stands for, or null while something is missing. */
export function toAddInput(draft: RepositoryDraft): AddInput | null {
  const { place, inspection, mode } = draft;
  if (place === null || inspection === null || mode === null) return null;
  const encryption = passwordNeed(inspection) === 'none' ? ({ kind: 'none' } as const) : draft.encryption;
  if (encryption === null) return null;
  return { ...place, mode, createContainer: inspection.state === 'no-container', encryption };
}
