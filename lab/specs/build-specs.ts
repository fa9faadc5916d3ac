import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SpecFile, type SpecOperation, specFiles } from './operations/index.ts';
import { readSdkModels } from './sdk-models.ts';
import { createDefinitionBuilder, type DefinitionBuilder, type Schema } from './swagger-builder.ts';

const here = dirname(fileURLToPath(import.meta.url));

const cloudError: Schema = {
  type: 'object',
  required: ['error'],
  properties: { error: { $ref: '#/definitions/LabErrorBody' } },
};
const errorBody: Schema = {
  type: 'object',
  required: ['code', 'message'],
  properties: {
    code: { type: 'string' },
    message: { type: 'string' },
    target: { type: 'string' },
    details: { type: 'array', items: { $ref: '#/definitions/LabErrorBody' } },
    innererror: { type: 'object' },
  },
};

function parameters(operation: SpecOperation, builder: DefinitionBuilder): readonly Schema[] {
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    type: 'string',
  }));
  const inQuery = (operation.query ?? []).map((name) => ({
    name,
    in: 'query',
    required: false,
    type: 'string',
  }));
  const version = { name: 'api-version', in: 'query', required: true, type: 'string' };
  const body =
    operation.body === undefined
      ? []
      : [{ name: 'parameters', in: 'body', required: true, schema: builder.refer(operation.body) }];
  return [version, ...inPath, ...inQuery, ...body];
}

function responses(operation: SpecOperation, builder: DefinitionBuilder): Schema {
  const known = Object.entries(operation.responses).map(([status, model]) => [
    status,
    { description: '', ...(model === null ? {} : { schema: builder.refer(model) }) },
  ]);
  const error = { description: '', schema: { $ref: '#/definitions/LabCloudError' } };
  return { ...Object.fromEntries(known), default: error };
}

function describeOperation(operation: SpecOperation, builder: DefinitionBuilder): Schema {
  return {
    operationId: operation.id,
    parameters: parameters(operation, builder),
    responses: responses(operation, builder),
    ...(operation.longRunning ? { 'x-ms-long-running-operation': true } : {}),
    ...(operation.pageable ? { 'x-ms-pageable': { nextLinkName: 'nextLink' } } : {}),
  };
}

/** The specification of one file, from its operations and the SDK's models. */
export function buildSpec(file: SpecFile): Schema {
  const models = readSdkModels(join(here, '../../node_modules', file.sdk));
  const builder = createDefinitionBuilder(models, new Set(file.opaque));
  const paths: Record<string, Record<string, Schema>> = {};
  for (const operation of file.operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method]: describeOperation(operation, builder),
    };
  }
  return {
    swagger: '2.0',
    info: { title: file.title, version: file.version },
    host: 'management.azure.com',
    schemes: ['https'],
    consumes: ['application/json'],
    produces: ['application/json'],
    paths,
    definitions: { ...builder.definitions(), LabCloudError: cloudError, LabErrorBody: errorBody },
  };
}

/** Writes all specifications beside this file. */
export function writeSpecs(): void {
  for (const file of specFiles) {
    writeFileSync(join(here, file.name), `${JSON.stringify(buildSpec(file), undefined, 1)}\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeSpecs();
