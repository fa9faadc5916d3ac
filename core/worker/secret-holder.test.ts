import { expect, test } from 'vitest';
import type { TaskSecrets } from '../contract/index.ts';
import { secretHolder } from './secret-holder.ts';

const secrets = (name: string): TaskSecrets => ({
  repositoryUrl: `https://a.example/${name}`,
  dataKey: null,
  disks: [],
});
const signal = new AbortController().signal;

test('many who need fresh secrets ask once, and all go on when they come', async () => {
  let asked = 0;
  const holder = secretHolder({ seq: 5, secrets: secrets('old') }, async () => {
    asked += 1;
  });
  const waiting = [holder.renew(signal), holder.renew(signal)];
  await new Promise((resolve) => setTimeout(resolve, 5));
  holder.accept(9, secrets('new'));
  await Promise.all(waiting);
  expect(asked).toBe(1);
  expect(holder.current().repositoryUrl).toContain('new');
});

test('older secrets that come late change nothing', () => {
  const holder = secretHolder({ seq: 5, secrets: secrets('first') }, async () => undefined);
  holder.accept(9, secrets('newest'));
  holder.accept(7, secrets('late'));
  expect(holder.current().repositoryUrl).toContain('newest');
});

test('who is aborted stops waiting', async () => {
  const stop = new AbortController();
  const holder = secretHolder({ seq: 5, secrets: secrets('old') }, async () => undefined);
  const waiting = holder.renew(stop.signal);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});
