import { AppError } from '../../contract/index.ts';
import { decodeCondemned, encodeCondemned } from '../format/condemned.ts';
import { kindOfName, prefixes } from '../format/names.ts';
import { objectKinds } from '../format/sealed-object.ts';
import { NumberSet } from '../packs/number-set.ts';
import type { PackNumbers } from '../packs/pack-numbers.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { getSealed, putSealed } from '../repository/sealed-store.ts';
import { readAttempts } from './live-attempts.ts';

/**
 * A list of packs that no new attempt may refer to, and the attempts that were live when it was published.
 * Only those may still refer to a pack in it; once all of them have ended, what no point refers to can go.
 */
export interface Condemnation {
  readonly id: string;
  /** By their numbers. */
  readonly packs: Iterable<number>;
  /** Live attempts that still have to end. */
  readonly waitsFor: readonly string[];
}

const waitsSuffix = '.waits';

export async function publishCondemnation(
  repository: OpenRepository,
  condemned: { readonly id: string; readonly packs: NumberSet; readonly numbers: PackNumbers },
  signal?: AbortSignal,
): Promise<Condemnation> {
  const { id, packs, numbers } = condemned;
  const name = prefixes.condemned + id;
  const plain = encodeCondemned(idsOf(packs, numbers), packs.size);
  await putSealed(repository, { name, kind: objectKinds.condemned, plain }, signal);
  return { id, packs, waitsFor: await noteWaits(repository, id, signal) };
}

function* idsOf(packs: Iterable<number>, numbers: PackNumbers): Generator<string> {
  for (const pack of packs) yield numbers.idOf(pack);
}

/** Order matters: the attempts are listed after the condemnation is visible to whoever begins later. */
async function noteWaits(repository: OpenRepository, id: string, signal?: AbortSignal): Promise<string[]> {
  const { live } = await readAttempts(repository, signal);
  const waits = live.filter((attempt) => attempt !== id);
  const name = prefixes.condemned + id + waitsSuffix;
  const plain = Buffer.from(JSON.stringify(waits), 'utf8');
  await putSealed(repository, { name, kind: objectKinds.waits, plain }, signal);
  return waits;
}

/** Those published and not yet carried out; `live` are the attempts that were live just now. New packs get numbers. */
export async function readCondemnations(
  repository: OpenRepository,
  known: { readonly live: readonly string[]; readonly numbers: PackNumbers },
  signal?: AbortSignal,
): Promise<Condemnation[]> {
  const { live, numbers } = known;
  const names = new Set<string>();
  for await (const { name } of repository.store.list(prefixes.condemned, signal)) {
    if (kindOfName(name) !== undefined) names.add(name);
  }
  const found: Condemnation[] = [];
  for (const name of names) {
    if (name.endsWith(waitsSuffix)) continue;
    const id = name.slice(prefixes.condemned.length);
    // Without a list of waits its collector died in between: whoever is live now may have begun before it.
    const noted = names.has(name + waitsSuffix) ? await readWaits(repository, id, signal) : undefined;
    const waitsFor = (noted ?? live).filter((attempt) => live.includes(attempt));
    found.push({ id, packs: await readPacks(repository, { name, waitsFor, numbers, signal }), waitsFor });
  }
  return found;
}

/**
 * A list that is damaged condemns nothing. It may be withdrawn once no attempt waits for it: what its collector
 * removed is gone, and what it did not remove is found again.
 */
async function readPacks(
  repository: OpenRepository,
  list: {
    readonly name: string;
    readonly waitsFor: readonly string[];
    readonly numbers: PackNumbers;
    readonly signal: AbortSignal | undefined;
  },
): Promise<NumberSet> {
  try {
    const expected = { name: list.name, kind: objectKinds.condemned };
    const plain = await getSealed(repository, expected, list.signal);
    const packs = new NumberSet();
    for (const packId of decodeCondemned(plain, list.name)) packs.add(list.numbers.add(packId));
    return packs;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'damaged' && list.waitsFor.length === 0) {
      return new NumberSet();
    }
    throw thrown;
  }
}

/** Undefined when the list is damaged. */
async function readWaits(
  repository: OpenRepository,
  id: string,
  signal?: AbortSignal,
): Promise<string[] | undefined> {
  const name = prefixes.condemned + id + waitsSuffix;
  try {
    const plain = await getSealed(repository, { name, kind: objectKinds.waits }, signal);
    const json: unknown = JSON.parse(Buffer.from(plain).toString('utf8'));
    return Array.isArray(json) ? json.map(String) : undefined;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'damaged') return undefined;
    throw thrown;
  }
}

export async function withdrawCondemnation(
  repository: OpenRepository,
  id: string,
  signal?: AbortSignal,
): Promise<void> {
  await repository.store.delete(prefixes.condemned + id, signal);
  await repository.store.delete(prefixes.condemned + id + waitsSuffix, signal);
}
