import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is wrong with a body, and where (`properties.creationData`). */
export class BodyProblem extends Error {
  readonly kind: 'missing' | 'unknown' | 'type' | 'value';
  readonly path: string;
  /** Model that the member belongs to. */
  readonly model: string;
  readonly value: unknown;

  constructor(kind: BodyProblem['kind'], where: { path: string; model: string; value?: unknown }) {
    super(`${kind} ${where.path}`);
    this.kind = kind;
    this.path = where.path;
    this.model = where.model;
    this.value = where.value;
  }
}

type Members = { readonly [key: string]: unknown };

/** Reads bodies of the operations in the specifications. */
export interface RequestBodies {
  /**
   * The body without what clients cannot set (read-only members, nulls). Throws {@link BodyProblem}. Operations
   * without specification pass as they are. `strict`: members the model does not have are refused, not dropped.
   */
  read(
    operation: { readonly method: string; readonly path: string; readonly strict: boolean },
    body: Members,
  ): Members;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly readOnly?: boolean;
}

interface Spec {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly parameters: readonly { in: string; schema?: Schema }[] }>>
    >
  >;
  readonly definitions: Readonly<Record<string, Schema>>;
}

interface Reading {
  readonly spec: Spec;
  readonly strict: boolean;
  readonly path: string;
  readonly model: string;
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const keyOf = (method: string, path: string): string =>
  `${method} ${path.replace(/\{\w+\}/g, '{}')}`.toLowerCase();

/** Loads the specifications that lie beside this file. */
export function openRequestBodies(): RequestBodies {
  const directory = dirname(fileURLToPath(import.meta.url));
  const bodies = new Map<string, { spec: Spec; schema: Schema | undefined }>();
  for (const name of readdirSync(directory).filter((each) => each.endsWith('.json'))) {
    const spec = JSON.parse(readFileSync(join(directory, name), 'utf8')) as Spec;
    for (const [path, methods] of Object.entries(spec.paths)) {
      for (const [method, { parameters }] of Object.entries(methods)) {
        bodies.set(keyOf(method, path), {
          spec,
          schema: parameters.find((each) => each.in === 'body')?.schema,
        });
      }
    }
  }
  return {
    read({ method, path, strict }, body) {
      const known = bodies.get(keyOf(method, path));
      if (!known?.schema) return body;
      const read = readValue(known.schema, body, { spec: known.spec, strict, path: '', model: '' });
      return isMembers(read) ? read : {};
    },
  };
}

function readValue(schema: Schema, value: unknown, reading: Reading): unknown {
  if (schema.$ref !== undefined) {
    const model = schema.$ref.split('/').at(-1) ?? '';
    return readValue(reading.spec.definitions[model] ?? {}, value, { ...reading, model });
  }
  const { path, model } = reading;
  if (schema.type === 'object') return readObject(schema, value, reading);
  if (schema.type === 'array') {
    if (!Array.isArray(value)) throw new BodyProblem('type', { path, model, value });
    return value.map((each, index) =>
      readValue(schema.items ?? {}, each, { ...reading, path: `${path}[${index}]` }),
    );
  }
  if (schema.type !== undefined && typeof value !== schema.type)
    throw new BodyProblem('type', { path, model, value });
  return schema.enum && typeof value === 'string' ? readEnum(schema.enum, value, reading) : value;
}

/** Azure compares enumeration values without letter case and answers with its own spelling. */
function readEnum(values: readonly string[], value: string, { path, model }: Reading): string {
  const found = values.find((each) => each.toLowerCase() === value.toLowerCase());
  if (found === undefined) throw new BodyProblem('value', { path, model, value });
  return found;
}

function readObject(schema: Schema, value: unknown, reading: Reading): Members {
  if (!isMembers(value)) throw new BodyProblem('type', { ...reading, value });
  const under = (name: string): Reading => ({
    ...reading,
    path: reading.path === '' ? name : `${reading.path}.${name}`,
  });
  const properties = schema.properties ?? {};
  const read: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) {
    if (each === null || each === undefined) continue;
    const known = properties[name] ?? schema.additionalProperties;
    if (known) {
      if (!known.readOnly) read[name] = readValue(known, each, under(name));
    } else if (schema.properties === undefined) {
      read[name] = each;
    } else if (reading.strict) {
      throw new BodyProblem('unknown', { path: under(name).path, model: reading.model });
    }
  }
  for (const name of schema.required ?? []) {
    if (read[name] === undefined)
      throw new BodyProblem('missing', { path: under(name).path, model: reading.model });
  }
  return read;
}
