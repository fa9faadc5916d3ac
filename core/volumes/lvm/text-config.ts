import { damaged } from '../disk/index.ts';

/** A value of LVM's text metadata. */
export type ConfigValue = string | number | readonly ConfigValue[] | ConfigSection;
export interface ConfigSection {
  readonly [key: string]: ConfigValue;
}

const TOKEN =
  /\s+|#[^\n]*|"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?)(?![A-Za-z_])|([A-Za-z0-9_.+-]+)|([{}[\]=,])/y;
const MAX_DEPTH = 16;

interface Token {
  readonly kind: 'text' | 'number' | 'word' | 'sign';
  readonly text: string;
}

/** Parses sections, assignments, texts, numbers and lists; anything else is damage. */
export function parseTextConfig(text: string): ConfigSection {
  const tokens = new Tokens(text);
  const section = parseSection(tokens, 0);
  if (!tokens.done) throw bad('it goes on behind its end');
  return section;
}

export function sectionIn(section: ConfigSection, key: string): ConfigSection {
  const value = section[key];
  if (typeof value !== 'object' || isList(value)) throw bad(`the section ${key} is missing`);
  return value;
}

export function numberIn(section: ConfigSection, key: string): number {
  const value = section[key];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw bad(`the number ${key} is missing`);
  return value;
}

export function textIn(section: ConfigSection, key: string): string {
  const value = section[key];
  if (typeof value !== 'string') throw bad(`the text ${key} is missing`);
  return value;
}

export function listIn(section: ConfigSection, key: string): readonly ConfigValue[] {
  const value = section[key];
  return value !== undefined && isList(value) ? value : [];
}

/** Keys of a section that are sections themselves. */
export function sectionsOf(section: ConfigSection): (readonly [string, ConfigSection])[] {
  return Object.keys(section)
    .filter((key) => typeof section[key] === 'object' && !isList(section[key]))
    .map((key) => [key, sectionIn(section, key)] as const);
}

function isList(value: ConfigValue | undefined): value is readonly ConfigValue[] {
  return Array.isArray(value);
}

function bad(reason: string): Error {
  return damaged('LVM metadata', reason);
}

/** The text as tokens, white space and comments left out. */
class Tokens {
  readonly #text: string;
  #at = 0;
  #next: Token | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#advance();
  }

  get done(): boolean {
    return this.#next === undefined;
  }

  is(sign: string): boolean {
    return this.#next?.kind === 'sign' && this.#next.text === sign;
  }

  take(): Token {
    const token = this.#next;
    if (token === undefined) throw bad('it ends early');
    this.#advance();
    return token;
  }

  expect(sign: string): void {
    if (!this.is(sign)) throw bad(`"${sign}" is missing`);
    this.take();
  }

  #advance(): void {
    this.#next = undefined;
    while (this.#next === undefined && this.#at < this.#text.length) {
      TOKEN.lastIndex = this.#at;
      const match = TOKEN.exec(this.#text);
      if (match === null) throw bad('it holds a character that has no place in it');
      this.#at = TOKEN.lastIndex;
      this.#next = tokenOf(match);
    }
  }
}

function tokenOf([, text, number, word, sign]: RegExpExecArray): Token | undefined {
  if (text !== undefined) return { kind: 'text', text: text.replace(/\\(.)/g, '$1') };
  if (number !== undefined) return { kind: 'number', text: number };
  if (word !== undefined) return { kind: 'word', text: word };
  return sign === undefined ? undefined : { kind: 'sign', text: sign };
}

function parseSection(tokens: Tokens, depth: number): ConfigSection {
  if (depth > MAX_DEPTH) throw bad('its sections are nested too deeply');
  const entries: [string, ConfigValue][] = [];
  while (!tokens.done && !tokens.is('}')) {
    const key = tokens.take();
    if (key.kind === 'sign') throw bad('a name is missing');
    if (tokens.is('{')) {
      tokens.take();
      entries.push([key.text, parseSection(tokens, depth + 1)]);
      tokens.expect('}');
    } else {
      tokens.expect('=');
      entries.push([key.text, parseValue(tokens)]);
    }
  }
  // Keys come from the disk: an object without a prototype has none that could be mistaken for ours.
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

function parseValue(tokens: Tokens): ConfigValue {
  if (!tokens.is('[')) return parseSingle(tokens);
  tokens.take();
  const list: ConfigValue[] = [];
  while (!tokens.is(']')) {
    list.push(parseSingle(tokens));
    if (!tokens.is(']')) tokens.expect(',');
  }
  tokens.take();
  return list;
}

function parseSingle(tokens: Tokens): ConfigValue {
  const token = tokens.take();
  if (token.kind === 'sign') throw bad('a value is missing');
  return token.kind === 'number' ? Number(token.text) : token.text;
}
