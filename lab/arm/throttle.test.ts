import { describe, expect, it } from 'vitest';
import { ArmError } from './arm-error.ts';
import { createThrottle } from './throttle.ts';

const disk = '/subscriptions/s/resourcegroups/g/providers/microsoft.compute/disks/d';
const vm = '/subscriptions/s/resourcegroups/g/providers/microsoft.compute/virtualmachines/v';

function meter() {
  let at = 0;
  const throttle = createThrottle(() => at);
  const ask = (method: string, path: string, principalId = 'p') => {
    try {
      return throttle.take({ subscriptionId: 's', principalId, method, path });
    } catch (error) {
      if (error instanceof ArmError) return error;
      throw error;
    }
  };
  return { ask, wait: (ms: number) => (at += ms) };
}

describe('throttle', () => {
  it('lets a burst through, then as much as the rate gives', () => {
    const { ask, wait } = meter();
    for (let index = 0; index < 200; index += 1) expect(ask('PUT', disk)).not.toBeInstanceOf(ArmError);
    expect(ask('PUT', disk)).toMatchObject({
      status: 429,
      code: 'SubscriptionRequestsThrottled',
      headers: { 'retry-after': '1' },
    });
    wait(1000);
    expect(ask('PUT', disk)).toMatchObject({ 'x-ms-ratelimit-remaining-subscription-writes': '9' });
  });

  it('lets those wait anew who do not wait', () => {
    const { ask, wait } = meter();
    for (let index = 0; index < 201; index += 1) ask('PUT', disk);
    wait(900);
    expect(ask('PUT', disk)).toMatchObject({ status: 429 });
    wait(900);
    expect(ask('PUT', disk)).toMatchObject({ status: 429 });
    wait(1000);
    expect(ask('PUT', disk)).not.toBeInstanceOf(ArmError);
  });

  it('counts principals and kinds apart', () => {
    const { ask } = meter();
    for (let index = 0; index < 201; index += 1) ask('PUT', disk);
    expect(ask('GET', disk)).not.toBeInstanceOf(ArmError);
    expect(ask('PUT', disk, 'other')).not.toBeInstanceOf(ArmError);
  });

  it('is strict with one VM', () => {
    const { ask } = meter();
    for (let index = 0; index < 12; index += 1)
      expect(ask('POST', `${vm}/start`)).not.toBeInstanceOf(ArmError);
    expect(ask('POST', `${vm}/start`)).toMatchObject({
      status: 429,
      code: 'TooManyRequests',
      headers: { 'retry-after': '15' },
    });
    expect(ask('POST', `${vm}2/start`)).not.toBeInstanceOf(ArmError);
  });
});
