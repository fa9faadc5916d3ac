import { describe, expect, it } from 'vitest';
import { restoreTargetSchema } from '../../../core/contract/index.ts';
import { buildPoint, subscriptions } from '../../testing/built-data.ts';
import { startRefusal } from './start-refusal.ts';
import {
  defaultPlace,
  disksFormFor,
  disksFormSchema,
  newVmFormFor,
  type Places,
  restoredName,
  toDisksTarget,
  toNewVmTarget,
} from './target-forms.ts';

const point = buildPoint('point-1');
const place = (
  subscriptionId: string,
  groups: readonly string[],
  regions: readonly string[],
): Places[number] => ({
  accountId: 'account-1',
  subscriptionId,
  subscriptionName: 'A subscription',
  resourceGroups: groups.map((name) => ({ name, region: 'westeurope' })),
  regions: regions.map((name) => ({ name, displayName: name })),
});
const places = [
  place(subscriptions.development, ['rg-ci'], ['northeurope']),
  place(subscriptions.production, ['RG-SHOP'], ['northeurope', 'westeurope']),
];

describe('the first suggestion', () => {
  it('is the place the machine came from', () => {
    expect(defaultPlace(point, places)).toEqual({
      accountId: 'account-1',
      subscriptionId: subscriptions.production,
      resourceGroup: 'RG-SHOP',
      region: 'westeurope',
      zone: null,
    });
  });

  it('is another place, without a guess at the group, when the own one is out of reach', () => {
    const elsewhere = defaultPlace(point, places.slice(0, 1));
    expect(elsewhere).toMatchObject({
      subscriptionId: subscriptions.development,
      resourceGroup: '',
      region: 'northeurope',
    });
  });

  it('keeps a new name within what Azure takes', () => {
    expect(restoredName('web-01', 64)).toBe('web-01-restored');
    expect(restoredName('x'.repeat(80), 80)).toHaveLength(80);
  });
});

describe('restoring disks', () => {
  const form = disksFormFor(point, places, null);
  const findings = (value: typeof form) =>
    disksFormSchema.safeParse(value).error?.issues.map(({ path }) => path.join('.'));

  it('makes a target of the chosen disks only', () => {
    const [first, second] = form.disks;
    if (first === undefined || second === undefined) throw new Error('the built point has two disks');
    const target = toDisksTarget({ ...form, disks: [first, { ...second, chosen: false, name: '' }] });
    expect(restoreTargetSchema.parse(target)).toEqual(target);
    expect(target.disks).toEqual([{ index: 0, name: 'web-01_OsDisk_1-restored' }]);
  });

  it('finds bad and double names at their fields, and ignores disks that are not chosen', () => {
    const named = (names: readonly string[], chosen: readonly boolean[]) => ({
      ...form,
      disks: form.disks.map((disk, index) => ({
        ...disk,
        name: names[index] ?? '',
        chosen: chosen[index] ?? true,
      })),
    });
    expect(findings(form)).toBeUndefined();
    expect(findings(named(['ok', 'not ok!'], [true, true]))).toEqual(['disks.1.name']);
    expect(findings(named(['ok', 'not ok!'], [true, false]))).toBeUndefined();
    expect(findings(named(['same', 'SAME'], [true, true]))).toEqual(['disks.1.name']);
    expect(findings(named(['a', 'b'], [false, false]))).toEqual(['disks.0.name']);
  });

  it('comes back as it was left', () => {
    const [first] = form.disks;
    if (first === undefined) throw new Error('the built point has disks');
    const target = toDisksTarget({ ...form, sku: 'Premium_LRS', disks: [{ ...first, name: 'mine' }] });
    const again = disksFormFor(point, places, target);
    expect(again.disks.map(({ name, chosen }) => [name, chosen])).toEqual([
      ['mine', true],
      ['web-01-data-0-restored', false],
    ]);
    expect(again.sku).toBe('Premium_LRS');
  });
});

it('makes a target of the form for a new machine', () => {
  const form = newVmFormFor({ point, places, target: null, size: 'Standard_D4s_v5' });
  const subnetId = `/subscriptions/${subscriptions.production}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s`;
  const target = toNewVmTarget({ ...form, subnetId });
  expect(restoreTargetSchema.parse(target)).toEqual(target);
});

describe('a plan can be started', () => {
  const now = Date.parse('2026-11-22T08:00:00Z');
  const plan = { notices: [], expiresAt: '2026-11-22T08:10:00Z', confirmation: null };

  it('unless something prevents it, it has expired, or it is not confirmed word for word', () => {
    expect(startRefusal(plan, '', now)).toBeNull();
    expect(startRefusal({ ...plan, notices: [{ level: 'blocking', text: '', hint: '' }] }, '', now)).toBe(
      'blocked',
    );
    expect(
      startRefusal({ ...plan, notices: [{ level: 'warning', text: '', hint: '' }] }, '', now),
    ).toBeNull();
    expect(startRefusal(plan, '', now + 600_000)).toBe('expired');
    expect(startRefusal({ ...plan, confirmation: 'web-01' }, 'WEB-01', now)).toBe('not-confirmed');
    expect(startRefusal({ ...plan, confirmation: 'web-01' }, ' web-01 ', now)).toBeNull();
  });
});
