import type { SdkField, SdkModels } from './sdk-models.ts';

export type Schema = { readonly [key: string]: unknown };

const scalars: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  Date: { type: 'string', format: 'date-time' },
  any: {},
  unknown: {},
  Uint8Array: { type: 'string' },
};

/** Turns SDK models into Swagger definitions, following references. */
export interface DefinitionBuilder {
  /** Adds a model and everything it refers to; gives the reference to it. */
  refer(name: string): Schema;
  definitions(): Readonly<Record<string, Schema>>;
}

/** `opaque`: models whose inside the lab never shows or reads; they become plain objects; enumerations, strings. */
export function createDefinitionBuilder(models: SdkModels, opaque: ReadonlySet<string>): DefinitionBuilder {
  const definitions = new Map<string, Schema>();

  const schemaOf = (type: string): Schema => {
    const plain = type.replace(/ \| null$/, '').trim();
    const scalar = scalars[plain];
    if (scalar) return scalar;
    const constant = /^"([^"]*)"$/.exec(plain)?.[1];
    if (constant !== undefined) return { type: 'string', enum: [constant] };
    const array = /^(.*)\[\]$/.exec(plain)?.[1] ?? /^Array<(.*)>$/.exec(plain)?.[1];
    if (array !== undefined) return { type: 'array', items: schemaOf(array.replace(/^\((.*)\)$/, '$1')) };
    const record = /^Record<string, (.*)>$/.exec(plain)?.[1];
    if (record !== undefined) return { type: 'object', additionalProperties: schemaOf(record) };
    const enumeration = models.enumeration(plain);
    if (enumeration && opaque.has(plain)) return { type: 'string' };
    if (enumeration) {
      const { values, open } = enumeration;
      return { type: 'string', enum: values, 'x-ms-enum': { name: plain, modelAsString: open } };
    }
    return models.model(plain) ? refer(plain) : {};
  };

  const fieldSchema = (field: SdkField): Schema => {
    const schema = schemaOf(field.type);
    return field.readOnly ? { ...schema, readOnly: true } : schema;
  };

  const refer = (name: string): Schema => {
    // Lists are private to the SDK and carry an underscore there.
    const shown = name.replace(/^_/, '');
    const reference = { $ref: `#/definitions/${shown}` };
    if (definitions.has(shown)) return reference;
    definitions.set(shown, {});
    if (opaque.has(name)) {
      definitions.set(shown, { type: 'object' });
      return reference;
    }
    const fields = models.model(name)?.fields ?? [];
    const properties = Object.fromEntries(fields.map((field) => [field.wireName, fieldSchema(field)]));
    const required = fields
      .filter((field) => !field.optional && !field.readOnly)
      .map((field) => field.wireName);
    definitions.set(shown, { type: 'object', properties, ...(required.length > 0 ? { required } : {}) });
    return reference;
  };

  return {
    refer,
    definitions: () => Object.fromEntries([...definitions].sort(([a], [b]) => a.localeCompare(b))),
  };
}
