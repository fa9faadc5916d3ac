import { describe, expect, it } from 'vitest';
import { grants, matchesAction, reaches, roleDefinitions } from './roles.ts';

const role = (name: string) => {
  const found = roleDefinitions([]).find((each) => each.roleName === name);
  if (!found) throw new Error(`no role ${name}`);
  return found;
};

describe('roles', () => {
  it.each([
    ['*', 'Microsoft.Compute/disks/read', true],
    ['*/read', 'Microsoft.Compute/disks/READ', true],
    ['*/read', 'Microsoft.Compute/disks/reader', false],
    ['Microsoft.Compute/*/read', 'Microsoft.Compute/disks/read', true],
    ['Microsoft.Compute/*', 'Microsoft.ComputeX/disks/read', false],
    ['a*b*c', 'aXbYc', true],
    ['a*bc*c', 'abc', false],
    ['ab*bc', 'abc', false],
  ])('pattern %s against %s: %s', (pattern, action, expected) => {
    expect(matchesAction(pattern, action)).toBe(expected);
  });

  it('reach downwards only, by whole segments', () => {
    expect(reaches('/subscriptions/s', '/subscriptions/S/resourceGroups/g')).toBe(true);
    expect(reaches('/subscriptions/s', '/subscriptions/s2')).toBe(false);
    expect(reaches('/', '/subscriptions/s')).toBe(true);
    expect(reaches('/subscriptions/s/resourceGroups/g', '/subscriptions/s')).toBe(false);
  });

  it('keep data apart from management, and contributors from roles', () => {
    const read = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read';
    expect(grants(role('Owner'), read, 'dataAction')).toBe(false);
    expect(grants(role('Storage Blob Data Reader'), read, 'dataAction')).toBe(true);
    expect(grants(role('Storage Blob Data Reader'), read.replace(/read$/, 'write'), 'dataAction')).toBe(
      false,
    );
    expect(grants(role('Contributor'), 'Microsoft.Authorization/roleAssignments/write', 'action')).toBe(
      false,
    );
    expect(grants(role('Contributor'), 'Microsoft.Authorization/roleAssignments/read', 'action')).toBe(true);
  });
});
