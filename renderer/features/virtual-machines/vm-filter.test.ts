import { expect, it } from 'vitest';
import { buildPoint, buildRepository, buildVm } from '../../testing/built-data.ts';
import { repositoryChoices } from './repository-choices.ts';
import { matchesVmFilter, vmFilterSchema } from './vm-filter.ts';

it('finds machines by every word typed, in names, groups, sizes and tags', () => {
  const vm = buildVm('web-01');
  expect(matchesVmFilter(vm, { text: 'WEB shop' })).toBe(true);
  expect(matchesVmFilter(vm, { text: 'd4s 4711' })).toBe(true);
  expect(matchesVmFilter(vm, { text: 'web sql' })).toBe(false);
  expect(matchesVmFilter(vm, { text: '  ', protection: 'protected' })).toBe(false);
});

it('ignores what does not belong into the address', () => {
  expect(vmFilterSchema.parse({ protection: 'maybe', region: 7, text: 'web' })).toEqual({ text: 'web' });
});

it('offers the repository last used first, then the machine’s own region, and says why one cannot be used', () => {
  const repositories = [
    buildRepository({ id: 'far', name: 'Far', region: 'northeurope' }),
    buildRepository({ id: 'near', name: 'Near' }),
    buildRepository({ id: 'theirs', name: 'Theirs', state: 'read-only' }),
  ];
  const order = (points: Parameters<typeof repositoryChoices>[1]) =>
    repositoryChoices(repositories, points, 'westeurope').map(({ repository }) => repository.id);
  expect(order([])).toEqual(['near', 'far', 'theirs']);
  expect(order([buildPoint('p', { repositoryId: 'far' })])).toEqual(['far', 'near', 'theirs']);
  expect(repositoryChoices(repositories, [], 'westeurope').map(({ refusal }) => refusal !== null)).toEqual([
    false,
    false,
    true,
  ]);
});
