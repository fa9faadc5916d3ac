import { createHash } from 'node:crypto';
import { type NameCharacter, nameCharacters } from './name-characters.ts';
import { percentBytes, percentDecoded, percentGuarded } from './percent-escape.ts';
import { type NamePlatform, type PlatformRules, platformRules } from './platform-rules.ts';

/** Bytes (Windows: UTF-16 units) of a name. */
const LONGEST = 255;
/** Marks a name that was cut; what follows is 16 digits of the SHA-256 of the whole name, and its extension. */
const CUT = '%~';
const LONGEST_EXTENSION = 20;

/**
 * Names of a guest made fit for a computer, and back. What the platform does not allow is written as the `%XX` of its
 * bytes: `a:b` is `a%3Ab`, `NUL` is `%4EUL`, and of two names that differ in case the second begins `%XX`. A `%` that
 * would read as such is `%25`. Every other name stays as it is. A name that is too long is cut and cannot be reversed.
 */
export class SafeNames {
  readonly #rules: PlatformRules;

  constructor(platform: NamePlatform) {
    this.#rules = platformRules[platform];
  }

  /**
   * The name for one part of a path, given in the contract's form. `taken` holds the folds of the names given in the
   * same folder so far; the new one is added.
   */
  escape(name: string, taken: Set<string>): string {
    const characters = nameCharacters(name);
    const usual = this.#fitted(this.#escaped(characters, 0), name);
    let escaped = usual;
    for (let first = 1; taken.has(this.#rules.fold(escaped)) && first <= characters.length; first++)
      escaped = this.#fitted(this.#escaped(characters, first), name);
    taken.add(this.#rules.fold(escaped));
    return escaped;
  }

  /** Names that are the same to the platform have the same fold. */
  foldedName(name: string): string {
    return this.#rules.fold(name);
  }

  /** The bytes of the guest's name; undefined when it was cut. */
  original(escaped: string): Uint8Array | undefined {
    return escaped.includes(CUT) ? undefined : percentDecoded(escaped);
  }

  /** `first`: so many characters from the beginning are escaped whatever they are. */
  #escaped(characters: readonly NameCharacter[], first: number): string {
    const { forbidden, reserved, badEnd } = this.#rules;
    const guarded = guardedCharacters(characters);
    const parts = guarded.map((character, index) => {
      if (typeof character === 'number') return percentBytes(Uint8Array.of(character));
      return index < first || forbidden.test(character)
        ? percentBytes(characters[index] as string)
        : character;
    });
    const last = characters.at(-1);
    if (typeof last === 'string' && badEnd.test(parts.join(''))) parts[parts.length - 1] = percentBytes(last);
    const text = parts.join('');
    return reserved.test(text) ? percentBytes(text.slice(0, 1)) + text.slice(1) : text;
  }

  #fitted(escaped: string, name: string): string {
    if (this.#rules.length(escaped) <= LONGEST) return escaped;
    const mark = CUT + createHash('sha256').update(name).digest('hex').slice(0, 16);
    const dot = escaped.lastIndexOf('.');
    const tail = escaped.slice(dot);
    const extension = dot > 0 && tail.length <= LONGEST_EXTENSION && !tail.includes('%') ? tail : '';
    const room = LONGEST - this.#rules.length(mark + extension);
    return this.#beginning(escaped, room) + mark + extension;
  }

  /** As many whole characters as there is room for; an escape is not cut in two. */
  #beginning(text: string, room: number): string {
    let [kept, length] = ['', 0];
    for (const [part] of text.matchAll(/%[0-9A-F]{2}|[\s\S]/gu)) {
      length += this.#rules.length(part);
      if (length > room) break;
      kept += part;
    }
    return kept;
  }
}

export function safeNames(platform: NamePlatform): SafeNames {
  return new SafeNames(platform);
}

/** Each character, with `%25` for a percent sign that would read as the start of an escape. */
function guardedCharacters(characters: readonly NameCharacter[]): NameCharacter[] {
  const text = characters.map((character) => (typeof character === 'string' ? character : '\0'));
  return characters.map((character, index) => {
    if (character !== '%') return character;
    return percentGuarded(`%${text[index + 1] ?? ''}${text[index + 2] ?? ''}`).startsWith('%25')
      ? '%25'
      : '%';
  });
}
