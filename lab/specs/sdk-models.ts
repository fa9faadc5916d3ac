import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One member of a model as the SDK's declarations have it, under its name on the wire. */
export interface SdkField {
  readonly wireName: string;
  /** TypeScript type as declared. */
  readonly type: string;
  readonly optional: boolean;
  readonly readOnly: boolean;
}

export interface SdkModel {
  readonly name: string;
  readonly fields: readonly SdkField[];
}

/** Models, enumerations and aliases of one SDK package. */
export interface SdkModels {
  model(name: string): SdkModel | undefined;
  /** Values of an enumeration; `open` when the service may add more. */
  enumeration(name: string): { readonly values: readonly string[]; readonly open: boolean } | undefined;
}

interface Declaration {
  readonly parents: readonly string[];
  readonly members: ReadonlyMap<
    string,
    { readonly type: string; readonly optional: boolean; readonly readOnly: boolean }
  >;
}

const lowerFirst = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
const upperFirst = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** All files of that name below a directory, joined. */
function readAll(directory: string, name: string): string {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(name))
    .map((path) => readFileSync(join(directory, path), 'utf8'))
    .join('\n');
}

function parseDeclarations(text: string): ReadonlyMap<string, Declaration> {
  const declarations = new Map<string, Declaration>();
  for (const [, name = '', parents = '', body = ''] of text.matchAll(
    /^export interface (\w+)(?: extends ([^{]+))? \{\n([\s\S]*?)^\}/gm,
  )) {
    const members = new Map<string, { type: string; optional: boolean; readOnly: boolean }>();
    for (const [, readOnly, member = '', optional, type = ''] of body.matchAll(
      /^ {4}(readonly )?"?([\w$@.]+)"?(\?)?: (.+);$/gm,
    )) {
      members.set(member, { type, optional: optional !== undefined, readOnly: readOnly !== undefined });
    }
    declarations.set(name, {
      parents: parents
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== ''),
      members,
    });
  }
  return declarations;
}

function parseEnumerations(text: string): ReadonlyMap<string, { values: readonly string[]; open: boolean }> {
  const enumerations = new Map<string, { values: readonly string[]; open: boolean }>();
  for (const [, name = '', body = ''] of text.matchAll(
    /^export declare enum Known(\w+) \{\n([\s\S]*?)^\}/gm,
  )) {
    enumerations.set(name, {
      values: [...body.matchAll(/= "([^"]*)"/g)].map(([, value = '']) => value),
      open: true,
    });
  }
  for (const [, name = '', values = ''] of text.matchAll(
    /^export type (\w+) = ((?:"[^"]*"(?: \| )?)+);$/gm,
  )) {
    enumerations.set(name, {
      values: [...values.matchAll(/"([^"]*)"/g)].map(([, value = '']) => value),
      open: false,
    });
  }
  return enumerations;
}

/** Client name -> wire name of every (de)serializer function, and which model it flattens under which wire name. */
interface Wire {
  readonly names: ReadonlyMap<string, string>;
  readonly flattened: ReadonlyMap<string, string>;
}

function parseWire(kind: string, body: string): Wire {
  const names = new Map<string, string>();
  const flattened = new Map<string, string>();
  // One piece per member: members begin at eight spaces.
  for (const piece of body.split(/^ {8}(?=["\w.])/m).slice(1)) {
    const spread = /^\.\.\.\(!item\["([^"]+)"\][\s\S]*?: _(\w+)Deserializer\(/.exec(piece);
    const packed = /^"?(\w+)"?: areAllPropsUndefined[\s\S]*?_(\w+)Serializer\(item\)/.exec(piece);
    const plain = /^"?([\w$@.]+)"?: [\s\S]*?item\["([^"]+)"\]/.exec(piece);
    const flat = spread ?? packed;
    if (flat) flattened.set(flat[1] ?? '', flat[2] ?? '');
    else if (plain && kind === 'Deserializer') names.set(plain[1] ?? '', plain[2] ?? '');
    else if (plain) names.set(plain[2] ?? '', plain[1] ?? '');
  }
  return { names, flattened };
}

function parseWires(text: string): ReadonlyMap<string, Wire> {
  const wires = new Map<string, Wire>();
  const functions = /^export function (\w+?)(Serializer|Deserializer)\(item[^)]*\) \{\n([\s\S]*?)^\}/gm;
  for (const [, name = '', kind = '', body = ''] of text.matchAll(functions)) {
    if (!wires.has(name) || kind === 'Deserializer') wires.set(name, parseWire(kind, body));
  }
  return wires;
}

/** Reads the models of a modular Azure SDK package from its declarations and serializers. */
export function readSdkModels(packageDirectory: string): SdkModels {
  const directory = join(packageDirectory, 'dist/esm/models');
  const types = readAll(directory, 'models.d.ts');
  const declarations = parseDeclarations(types);
  const enumerations = parseEnumerations(types);
  const wires = parseWires(readAll(directory, 'models.js'));

  const synthetic = new Map<string, readonly SdkField[]>();

  const members = (name: string): Map<string, { type: string; optional: boolean; readOnly: boolean }> => {
    const declaration = declarations.get(name);
    const inherited = (declaration?.parents ?? []).flatMap((parent) => [...members(parent)]);
    return new Map([...inherited, ...(declaration?.members ?? [])]);
  };

  /** The model that is flattened into `owner`: its own declaration, or what its serializer says of the owner's members. */
  const flattenedModel = (owner: string, serializer: string): string => {
    const declared = [upperFirst(serializer), `${upperFirst(serializer)}Format`].find((each) =>
      declarations.has(each),
    );
    if (declared !== undefined) return declared;
    const own = members(owner);
    const names = wires.get(`_${serializer}`)?.names ?? new Map<string, string>();
    const taken = [...own].filter(([client]) => names.has(client));
    const name = `${owner}Properties`;
    synthetic.set(
      name,
      taken.map(([client, member]) => ({ wireName: names.get(client) ?? client, ...member })),
    );
    return name;
  };

  const model = (name: string): SdkModel | undefined => {
    const made = synthetic.get(name);
    if (made) return { name, fields: made };
    if (!declarations.has(name)) return undefined;
    const wire = wires.get(lowerFirst(name)) ?? wires.get(name);
    const inner = [...(wire?.flattened ?? [])].map(([wireName, each]) => ({
      wireName,
      type: flattenedModel(name, each),
    }));
    const flat = new Set(inner.flatMap(({ type }) => [...members(type).keys()]));
    const fields: SdkField[] = inner.map((each) => ({ ...each, optional: true, readOnly: false }));
    for (const [client, member] of members(name)) {
      const wireName = wire?.names.get(client);
      if (wireName !== undefined) fields.push({ wireName, ...member });
      else if (!flat.has(client) && inner.length === 0) fields.push({ wireName: client, ...member });
    }
    return { name, fields };
  };
  return { model, enumeration: (name) => enumerations.get(name) };
}
