import { expect, test } from 'vitest';
import { parseGuestMessage } from './run-command.ts';

test('a message of the agent falls into its parts', () => {
  expect(parseGuestMessage('Enable succeeded: \n[stdout]\na\nb\n\n[stderr]\nwarning\n')).toEqual({
    succeeded: true,
    summary: 'Enable succeeded:',
    stdout: 'a\nb\n',
    stderr: 'warning\n',
  });
});

test('a failed script is told apart', () => {
  const message =
    'Enable failed: failed to execute command: command terminated with exit status=9\n[stdout]\n\n[stderr]\nno space\n';
  expect(parseGuestMessage(message)).toMatchObject({ succeeded: false, stderr: 'no space\n' });
});

test('what is not such a message is a failure that keeps its words', () => {
  expect(parseGuestMessage('The agent is busy.')).toEqual({
    succeeded: false,
    summary: 'The agent is busy.',
    stdout: '',
    stderr: '',
  });
});
