import type { JsonObject } from '../../../front/index.ts';
import { invalidParameter } from '../../arm-error.ts';
import type { Call } from '../../call.ts';
import { sameText, stringAt } from '../../json-path.ts';

/** The identity block of a VM; a system-assigned one gets its service principal in the directory. */
export function identityOf(
  call: Call,
  { id, name, sent }: { id: string; name: string; sent: JsonObject | undefined },
): JsonObject | undefined {
  const type = stringAt(sent, 'type');
  if (sent === undefined || type === undefined) return undefined;
  const wanted = type.split(/,\s*/);
  if (
    !wanted.every((each) => ['SystemAssigned', 'UserAssigned', 'None'].some((known) => sameText(known, each)))
  ) {
    throw invalidParameter('identity.type', `The value '${type}' of parameter 'identity.type' is invalid.`);
  }
  const existing = call.deps.store.get(id)?.identity;
  const present = stringAt(existing, 'principalId');
  if (!wanted.some((each) => sameText(each, 'SystemAssigned'))) {
    if (present !== undefined) call.deps.directory.removeIdentity(present);
    return sent;
  }
  const { deps, tenantId } = call;
  const principalId = present ?? deps.newId();
  if (present === undefined) {
    deps.directory.addIdentity({
      objectId: principalId,
      tenantId,
      kind: 'ServicePrincipal',
      displayName: name,
      clientId: deps.newId(),
    });
  }
  return { ...sent, principalId, tenantId };
}
