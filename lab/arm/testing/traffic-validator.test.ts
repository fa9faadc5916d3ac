import { beforeAll, describe, expect, it } from 'vitest';
import { subscriptionId } from './small-estate.ts';
import { type Exchange, openTrafficValidator, type TrafficValidator } from './traffic-validator.ts';

const disk = { id: '/d', name: 'd', type: 'Microsoft.Compute/disks', location: 'westeurope' };
const exchange = (properties: object, more: object = {}): Exchange => ({
  method: 'GET',
  url: `https://localhost:1/subscriptions/${subscriptionId}/resourceGroups/g/providers/Microsoft.Compute/disks/d?api-version=2026-03-02`,
  requestBody: undefined,
  status: 200,
  headers: { 'content-type': 'application/json' },
  responseBody: { ...disk, ...more, properties: { creationData: { createOption: 'Empty' }, ...properties } },
});

let validateTraffic: TrafficValidator;
beforeAll(async () => {
  validateTraffic = await openTrafficValidator();
});

describe('traffic validator', () => {
  it('accepts what the specification allows', async () => {
    expect(await validateTraffic([exchange({ diskSizeGB: 4, diskState: 'Unattached' })])).toEqual([]);
  });

  it.each([
    ['OBJECT_ADDITIONAL_PROPERTIES', exchange({ diskSize: 4 })],
    ['INVALID_TYPE', exchange({ diskSizeGB: '4' })],
    ['OBJECT_MISSING_REQUIRED_PROPERTY', exchange({ creationData: {} })],
    ['ENUM_CASE_MISMATCH', exchange({ diskState: 'unattached' })],
    ['OPERATION_NOT_FOUND', { ...exchange({}), url: exchange({}).url.replace('disks/d', 'diskettes/d') }],
  ])('objects with %s', async (code, bad) => {
    expect((await validateTraffic([bad])).join('\n')).toContain(code);
  });
});
