import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { adminKeyHeader } from './control/index.ts';

/** How a second process finds a running lab: `lab.json` in its folder, readable by its owner only. */
export interface LabHandle {
  readonly pid: number;
  readonly authorityHost: string;
  readonly armEndpoint: string;
  readonly caFile: string;
  readonly tenantId: string;
  readonly adminOrigin: string;
  readonly toolsOrigin: string;
  readonly adminKey: string;
}

const FILE = 'lab.json';

export async function writeHandle(folder: string, handle: LabHandle): Promise<() => Promise<void>> {
  const file = join(folder, FILE);
  await writeFile(`${file}.new`, `${JSON.stringify(handle, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return () => rm(file, { force: true });
}

/** Throws when no lab runs on this folder. */
export async function readHandle(folder: string): Promise<LabHandle> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => undefined);
  if (text === undefined)
    throw new Error(`No lab runs on ${folder}. Start one: npm run lab -- start --state ${folder}`);
  return JSON.parse(text) as LabHandle;
}

/** Asks a running lab's tools door; throws with its words when it refuses. */
export async function askTools(handle: LabHandle, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${handle.toolsOrigin}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { [adminKeyHeader]: handle.adminKey },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { error?: string };
  if (!response.ok) throw new Error(answer.error ?? `the lab answered ${response.status}`);
  return answer;
}
