import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildSpec } from './build-specs.ts';
import { BodyProblem, openRequestBodies } from './index.ts';
import { specFiles } from './operations/index.ts';

const here = dirname(fileURLToPath(import.meta.url));
const disk =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/disks/{diskName}';
const bodies = openRequestBodies();
const read = (body: Record<string, unknown>, strict = true) =>
  bodies.read({ method: 'PUT', path: disk, strict }, body);

function problemOf(action: () => unknown): BodyProblem {
  try {
    action();
  } catch (error) {
    if (error instanceof BodyProblem) return error;
    throw error;
  }
  throw new Error('no problem found');
}

describe('specifications', () => {
  it.each(specFiles)('$name is what the locked SDK packages say', (file) => {
    const written: unknown = JSON.parse(readFileSync(join(here, file.name), 'utf8'));
    expect(written).toEqual(JSON.parse(JSON.stringify(buildSpec(file))));
  });
});

describe('request bodies', () => {
  const creationData = { createOption: 'Empty' };

  it("lose what clients cannot set and get the service's spelling of enumerations", () => {
    const sent = {
      location: 'x',
      id: 'mine',
      managedBy: 'me',
      properties: { creationData: { createOption: 'empty' }, diskState: 'Attached', osType: null },
    };
    expect(read(sent)).toEqual({ location: 'x', properties: { creationData } });
  });

  it.each([
    ['missing', 'properties.creationData', { location: 'x', properties: {} }],
    ['missing', 'location', { properties: { creationData } }],
    ['unknown', 'properties.size', { location: 'x', properties: { creationData, size: 1 } }],
    ['type', 'properties.diskSizeGB', { location: 'x', properties: { creationData, diskSizeGB: '1' } }],
    [
      'value',
      'properties.creationData.createOption',
      { location: 'x', properties: { creationData: { createOption: 'Magic' } } },
    ],
  ])('with something %s at %s are refused', (kind, path, body) => {
    expect(problemOf(() => read(body))).toMatchObject({ kind, path });
  });

  it('may have unknown members where the provider overlooks them', () => {
    expect(read({ location: 'x', properties: { creationData, size: 1 } }, false)).toEqual({
      location: 'x',
      properties: { creationData },
    });
  });
});
