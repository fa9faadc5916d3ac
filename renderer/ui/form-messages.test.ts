import { expect, it, vi } from 'vitest';
import { AppError, procedures } from '../../core/contract/index.ts';
import { formMessages, showAtField } from './form-messages.ts';

const schema = procedures['account.startDeviceCode'].input;

it('asks for an empty field in plain words and keeps the words of the contract', () => {
  const empty = schema.safeParse({ name: '', tenantId: '!!' }, { error: formMessages });
  expect(empty.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
    ['name', 'Fill this in.'],
    ['tenantId', 'must be a tenant id or domain'],
  ]);
});

it('puts a refusal of one field at that field, and nothing else', () => {
  const setError = vi.fn();
  const refusal = new AppError('invalid-input', {
    message: 'No such tenant.',
    details: { field: 'tenantId' },
  });
  expect(showAtField(refusal, ['name', 'tenantId'], setError)).toBe(true);
  expect(setError).toHaveBeenCalledWith('tenantId', { message: 'No such tenant.' }, { shouldFocus: true });

  const other = new AppError('unreachable', { message: 'No answer.', details: { field: 'tenantId' } });
  expect(showAtField(other, ['name', 'tenantId'], setError)).toBe(false);
  expect(setError).toHaveBeenCalledOnce();
});
