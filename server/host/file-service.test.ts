import { expect, test } from 'vitest';
import { fileServiceFrom } from './file-service.ts';

test('without a word everything has its default', () => {
  expect(fileServiceFrom({})).toEqual({});
  expect(fileServiceFrom({ CAIRN_FILES_PORT: '', CAIRN_FILES_SOURCES: '' })).toEqual({});
});

test('port and sources are taken', () => {
  const environment = {
    CAIRN_FILES_PORT: '443',
    CAIRN_FILES_SOURCES: '203.0.113.7, 198.51.100.0/24',
  };
  expect(fileServiceFrom(environment)).toEqual({
    port: 443,
    sources: ['203.0.113.7', '198.51.100.0/24'],
  });
});

test.each([
  ['CAIRN_FILES_PORT', '0'],
  ['CAIRN_FILES_PORT', '70000'],
  ['CAIRN_FILES_PORT', 'https'],
  ['CAIRN_FILES_SOURCES', 'office'],
  ['CAIRN_FILES_SOURCES', '2001:db8::/32'],
  ['CAIRN_FILES_SOURCES', '203.0.113.0/33'],
  ['CAIRN_FILES_SOURCES', '203.0.113.0/'],
  ['CAIRN_FILES_SOURCES', '203.0.113.7,'],
])('%s=%s is refused by name', (variable, value) => {
  expect(() => fileServiceFrom({ [variable]: value })).toThrow(variable);
});
