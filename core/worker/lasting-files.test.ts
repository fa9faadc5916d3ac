import { expect, test } from 'vitest';
import { AppError } from '../contract/index.ts';
import { createFileService } from '../files/index.ts';
import { lastingFiles } from './lasting-files.ts';

const never = new AbortController().signal;

test('a service that dies is opened again, and not for ever', async () => {
  const losers: (() => void)[] = [];
  const files = lastingFiles((onLost) => {
    const number = losers.push(onLost);
    const service = createFileService({
      disks: () => Promise.reject(new AppError('damaged', { message: `service ${number}` })),
    });
    return service;
  });
  const answering = () => files.volumes(never).catch((thrown: unknown) => (thrown as AppError).message);
  expect(await answering()).toBe('service 1');
  losers[0]?.();
  expect(await answering()).toBe('service 2');
  for (let last = 1; last < 10; last += 1) losers.at(-1)?.();
  expect(await answering()).toBe('service 6');
  await files.close();
});
