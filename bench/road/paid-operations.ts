import { adminKeyHeader } from '../../lab/control/index.ts';
import type { LabProcess } from '../../scripts/lab-process.ts';

/** Requests to a container as Azure bills them. */
export interface PaidOperations {
  readonly write: number;
  readonly list: number;
  readonly read: number;
  readonly other: number;
}

const kinds = ['list', 'write', 'head', 'read', 'other'] as const;

/** Counts every request to a folder of a container at the lab's door, whoever makes it. */
export async function countOperations(lab: LabProcess, path: string): Promise<() => Promise<PaidOperations>> {
  // A rule of the fault book that does nothing still counts what it matches; the first match takes the request.
  const rules = [
    { service: 'blob', method: 'GET', path, query: { comp: 'list' } },
    { service: 'blob', method: 'PUT', path },
    { service: 'blob', method: 'HEAD', path },
    { service: 'blob', method: 'GET', path },
    { service: 'blob', path },
  ];
  const ids: string[] = [];
  for (const rule of rules) ids.push(((await ask(lab, 'POST', '/faults', rule)) as { id: string }).id);
  return async () => {
    const { faults } = (await ask(lab, 'GET', '/faults')) as { faults: { id: string; harmed: number }[] };
    const counts = Object.fromEntries(
      kinds.map((kind, index) => [kind, faults.find(({ id }) => id === ids[index])?.harmed ?? 0]),
    );
    for (const id of ids) await ask(lab, 'DELETE', `/faults/${id}`);
    const { list = 0, write = 0, head = 0, read = 0, other = 0 } = counts;
    return { write, list, read: read + head, other };
  };
}

async function ask(lab: LabProcess, method: string, path: string, body?: object): Promise<unknown> {
  const { origin, key } = lab.addresses.admin;
  const answer = await fetch(`${origin}${path}`, {
    method,
    headers: { [adminKeyHeader]: key },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`The lab answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
