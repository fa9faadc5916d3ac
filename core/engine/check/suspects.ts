import { AppError } from '../../contract/index.ts';
import { placeOf } from '../format/block-ref.ts';
import { prefixes } from '../format/names.ts';
import { objectKinds } from '../format/sealed-object.ts';
import { decodeSuspects, encodeSuspects, type Suspect } from '../format/suspects.ts';
import { listObjects } from '../repository/list-objects.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { randomId } from '../repository/random-id.ts';
import { getSealed, putSealed } from '../repository/sealed-store.ts';

/** Blocks that health checks found nowhere intact. A list that is itself damaged is passed over. */
export async function readSuspects(repository: OpenRepository, signal?: AbortSignal): Promise<Suspect[]> {
  const suspects: Suspect[] = [];
  for await (const { name } of listObjects(repository.store, 'suspects', signal)) {
    try {
      const plain = await getSealed(repository, { name, kind: objectKinds.suspects }, signal);
      suspects.push(...decodeSuspects(plain, name));
    } catch (thrown) {
      const passed = thrown instanceof AppError && ['damaged', 'not-found'].includes(thrown.code);
      if (!passed) throw thrown;
    }
  }
  return suspects;
}

export interface SuspectNote {
  readonly suspects: readonly Suspect[];
  /** After a check that saw everything, these take the place of all earlier ones. */
  readonly whole: boolean;
  readonly signal: AbortSignal | undefined;
}

/** False when nothing can be written here; the findings then reach the next backup only by another check. */
export async function noteSuspects(repository: OpenRepository, note: SuspectNote): Promise<boolean> {
  try {
    await writeSuspects(repository, note);
    return true;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'permission-denied') return false;
    throw thrown;
  }
}

async function writeSuspects(repository: OpenRepository, note: SuspectNote): Promise<void> {
  const { whole, signal } = note;
  const suspects = whole ? note.suspects : await notYetNoted(repository, note);
  const old: string[] = [];
  if (whole) {
    for await (const { name } of listObjects(repository.store, 'suspects', signal)) old.push(name);
  }
  if (suspects.length > 0) {
    const name = prefixes.suspects + randomId(repository.deps);
    const content = { name, kind: objectKinds.suspects, plain: encodeSuspects(suspects) };
    await putSealed(repository, content, signal);
  }
  for (const name of old) await repository.store.delete(name, signal);
}

/** A check that saw a part adds to what earlier ones noted. */
async function notYetNoted(repository: OpenRepository, note: SuspectNote): Promise<readonly Suspect[]> {
  if (note.suspects.length === 0) return note.suspects;
  const noted = new Set((await readSuspects(repository, note.signal)).map(placeOf));
  return note.suspects.filter((suspect) => !noted.has(placeOf(suspect)));
}
