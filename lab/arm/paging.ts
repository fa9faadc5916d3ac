import type { JsonObject, LabResponse } from '../front/index.ts';
import { ArmError } from './arm-error.ts';
import type { Call } from './call.ts';

const pageSize = 50;

/** One page of a list, with `nextLink` (an absolute address of ours) while there is more. */
export function page(call: Call, items: readonly JsonObject[]): LabResponse {
  const token = call.request.query.get('$skiptoken');
  const top = Number(call.request.query.get('$top') ?? pageSize);
  const start = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8'));
  if (!Number.isInteger(start) || start < 0) {
    throw new ArmError(400, 'InvalidSkipToken', 'The provided skip token is not valid.');
  }
  const size = Number.isInteger(top) && top > 0 ? Math.min(top, pageSize) : pageSize;
  const value = items.slice(start, start + size);
  const next = start + size;
  if (next >= items.length) return { status: 200, body: { value } };
  const query = new URLSearchParams(call.request.query);
  query.set('$skiptoken', Buffer.from(String(next)).toString('base64url'));
  return { status: 200, body: { value, nextLink: `${call.request.origin}${call.request.path}?${query}` } };
}
