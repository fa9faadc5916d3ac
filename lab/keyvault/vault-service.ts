import type { LabRequest, LabResponse } from '../front/index.ts';
import type { CallerIdentity } from '../ports.ts';
import {
  computeWithKey,
  createKey,
  getDeletedKey,
  getKey,
  listDeletedKeys,
  listKeys,
  listKeyVersions,
  purgeKey,
  recoverKey,
  removeKey,
  rotateKey,
  updateKey,
  type VaultCall,
  type VaultDeps,
} from './key-handlers.ts';
import { cryptoOperations } from './key-operations.ts';
import { badParameter } from './vault-error.ts';

/** Key Vault's key operations, once the caller is known. Paths: REST reference, "Key operations". */
export async function serveVault(
  deps: VaultDeps,
  request: LabRequest,
  caller: CallerIdentity,
): Promise<LabResponse> {
  // Clients write an empty version as an empty segment.
  const [area = '', name = '', ...rest] = request.path.split('/').filter((part) => part !== '');
  if (name !== '' && !/^[0-9a-zA-Z-]{1,127}$/.test(name))
    throw badParameter('The request URI contains an invalid name: '.concat(name.slice(0, 130)));
  const call: VaultCall = { deps, request, caller, name };
  if (area === 'keys') return serveKeys(call, rest);
  if (area === 'deletedkeys') return serveDeleted(call, rest);
  throw badParameter(`The request URI contains an invalid path: ${request.path.slice(0, 200)}`);
}

function serveKeys(call: VaultCall, rest: readonly string[]): LabResponse | Promise<LabResponse> {
  const { method } = call.request;
  const [first, second] = rest;
  if (call.name === '') return method === 'GET' ? listKeys(call) : notAllowed(call);
  const verb = `${method} ${second ?? first ?? ''}`;
  const operation = cryptoOperations[second ?? first ?? ''];
  if (method === 'POST' && operation !== undefined && rest.length <= 2)
    return computeWithKey(call, operation, second === undefined ? undefined : first);
  if (second !== undefined) return notAllowed(call);
  if (verb === 'POST create') return createKey(call);
  if (verb === 'POST rotate') return rotateKey(call);
  if (verb === 'GET versions') return listKeyVersions(call);
  if (method === 'GET') return getKey(call, first);
  if (method === 'PATCH') return updateKey(call, first);
  return method === 'DELETE' && first === undefined ? removeKey(call) : notAllowed(call);
}

function serveDeleted(call: VaultCall, rest: readonly string[]): LabResponse | Promise<LabResponse> {
  const { method } = call.request;
  if (call.name === '') return method === 'GET' ? listDeletedKeys(call) : notAllowed(call);
  if (method === 'POST' && rest[0] === 'recover') return recoverKey(call);
  if (method === 'GET' && rest.length === 0) return getDeletedKey(call);
  return method === 'DELETE' && rest.length === 0 ? purgeKey(call) : notAllowed(call);
}

function notAllowed({ request }: VaultCall): never {
  throw badParameter(`Method ${request.method} does not allow operation '${request.path.slice(0, 200)}'`);
}
